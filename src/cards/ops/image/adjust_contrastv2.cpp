#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(adjust_contrastv2) {
  op.tf("AdjustContrastv2")
      .about("the distance to the mean of each image's channel multiplied")
      .fidelity(Fidelity::approximate);
  op.code(
      "ops.add(ops.multiply(ops.subtract({0}, ops.mean({0}, axis=[-3, -2], keepdims=True)), {1}), "
      "ops.mean({0}, axis=[-3, -2], keepdims=True))");
  op.in("images").in("contrast_factor").out("output").attr("T", DType::f32);
  op.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank() && s.shape(0).rank() < 3) s.fail("needs images, not " + s.shape(0).text());
    s.same(0, 0);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    if (k.array(1).dtype != DType::f32 || k.array(1).elements() != 1) k.fail("contrast_factor is not one float32");
    const float factor = *k.array(1).as<float>();
    Array& out = k.result();
    if (in.elements() == 0) return;
    const size_t rank = in.dims.size();
    const int64_t channels = in.dims[rank - 1], pixels = in.dims[rank - 2] * in.dims[rank - 3];
    dispatch(k, in.dtype, Types<float, Half>{}, [&](auto type) {
      using T = decltype(type);
      for (int64_t image = 0; image < in.elements() / channels / pixels; ++image) {
        const T* x = in.as<T>() + image * pixels * channels;
        T* y = out.as<T>() + image * pixels * channels;
        for (int64_t c = 0; c < channels; ++c) {
          double sum = 0;
          for (int64_t p = 0; p < pixels; ++p) sum += static_cast<double>(static_cast<float>(x[p * channels + c]));
          const T mean = T(static_cast<float>(sum / static_cast<double>(pixels)));
          for (int64_t p = 0; p < pixels; ++p) {
            const T away = T(x[p * channels + c] - mean);
            y[p * channels + c] = T(mean + T(static_cast<float>(away) * factor));
          }
        }
      }
    });
  });
  op.sample({dims({2, 3, 5, 3}), given<float>(DType::f32, {}, {0.5F})});
  op.sample({dims({4, 3, 1}), given<float>(DType::f32, {}, {2.0F})});
  op.sample({dims({0, 4, 3, 2}), given<float>(DType::f32, {}, {1.5F})});
}
