#include <cmath>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/norm.h"

KERAFT_OP(batch_norm_with_global_normalization) {
  op.tf("BatchNormWithGlobalNormalization")
      .about("normalises the last axis; the form before FusedBatchNorm")
      .fidelity(Fidelity::approximate);
  op.tensorflow("tf.nn.batch_normalization({0}, {1}, {2}, {3}, {4}, {variance_epsilon})",
                {{"scale_after_normalization", true}});
  op.tensorflow("tf.nn.batch_normalization({0}, {1}, {2}, {3}, None, {variance_epsilon})");
  op.in("t")
      .in("m")
      .in("v")
      .in("beta")
      .in("gamma")
      .out("result")
      .attr("T")
      .attr("variance_epsilon")
      .attr("scale_after_normalization");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 4);
    for (size_t i = 1; i < 5; ++i) {
      need_rank(s, i, 1);
      if (s.shape(0).has_rank()) static_cast<void>(unify(s, Shape{s.shape(0)[3]}, s.shape(i)));
    }
    s.same(0, 0);
  });
  op.kernel(with_halves([](KernelContext& k) {
    dispatch(k, k.array(0).dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const Array& x = k.array(0);
      for (size_t i = 1; i < 5; ++i) {
        if (k.array(i).dtype != x.dtype) k.fail("the inputs have different types");
      }
      const auto n = static_cast<size_t>(x.dims[3]);
      const T *mean = k.array(1).as<T>(), *variance = k.array(2).as<T>(), *beta = k.array(3).as<T>(),
              *gamma = k.array(4).as<T>();
      const bool scaled = k.flag("scale_after_normalization");
      std::vector<double> scale(n), shift(n);
      const auto wide = [](T value) { return static_cast<double>(value); };
      const double epsilon = wide(static_cast<T>(k.real("variance_epsilon")));
      for (size_t c = 0; c < n; ++c) {
        scale[c] = (scaled ? wide(gamma[c]) : 1) / std::sqrt(wide(variance[c]) + epsilon);
        shift[c] = wide(beta[c]) - wide(mean[c]) * scale[c];
      }
      T* y = k.in_place(0, 0).template as<T>();
      kernels::affine_inner(k.kernels(), x.as<T>(), y, x.dims[0] * x.dims[1] * x.dims[2], x.dims[3],
                            kernels::AffineOf<T>(scale, shift).get());
    });
  }));
  op.sample({dims({2, 3, 4, 2}), dims({2}), given<float>(DType::f32, {2}, {0.5F, 1.0F}), dims({2}), dims({2})},
            {{"variance_epsilon", 0.001}, {"scale_after_normalization", true}});
  op.sample({dims({2, 3, 4, 2}), dims({2}), given<float>(DType::f32, {2}, {0.5F, 1.0F}), dims({2}), dims({2})},
            {{"variance_epsilon", 0.1}, {"scale_after_normalization", false}});
  op.sample({dims({1, 1, 1, 1}), dims({1}), given<float>(DType::f32, {1}, {0.5F}), dims({1}), dims({1})},
            {{"variance_epsilon", 0.01}, {"scale_after_normalization", true}});
}
