#include "cards/numeric.h"
#include "cards/pool.h"
#include "cards/shapes.h"

namespace keraft::cards {
namespace {

/// The index of the largest element of each window within its image, or with include_batch_in_index within the batch.
template <class T, class I>
void largest(const KernelContext& k, const Array& in, Array& values, Array& indices) {
  const ImageAxes axes{1, 2, 3};
  const Windows w = windows(k, axes);
  const auto ksize = k.list("ksize");
  const int64_t height = in.dims[1], width = in.dims[2], channels = in.dims[3];
  Window rows = w.height, columns = w.width;
  rows.size = ksize[1];
  columns.size = ksize[2];
  const auto& out = values.dims;
  const int64_t top = pad_before(height, out[1], rows, w.padding), left = pad_before(width, out[2], columns, w.padding);
  const bool whole = k.flag("include_batch_in_index");
  T* value = values.as<T>();
  I* index = indices.as<I>();
  for (int64_t n = 0; n < out[0]; ++n) {
    const int64_t image = n * height * width * channels;
    for (int64_t y = 0; y < out[1]; ++y) {
      const int64_t y0 = std::max<int64_t>(0, y * rows.stride - top), y1 = std::min(height, y * rows.stride - top + ksize[1]);
      for (int64_t x = 0; x < out[2]; ++x) {
        const int64_t x0 = std::max<int64_t>(0, x * columns.stride - left),
                      x1 = std::min(width, x * columns.stride - left + ksize[2]);
        for (int64_t c = 0; c < channels; ++c, ++value, ++index) {
          int64_t best = (y0 * width + x0) * channels + c;
          for (int64_t i = y0; i < y1; ++i) {
            for (int64_t j = x0; j < x1; ++j) {
              const int64_t at = (i * width + j) * channels + c;
              if (in.as<T>()[image + at] > in.as<T>()[image + best]) best = at;
            }
          }
          *value = in.as<T>()[image + best];
          *index = static_cast<I>(best + (whole ? image : 0));
        }
      }
    }
  }
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(max_pool_with_argmax) {
  op.tf("MaxPoolWithArgmax").about("the largest value in each window, and where it is");
  op.in("input").out("output").out("argmax").attr("ksize").attr("strides").attr("Targmax", DType::i64).attr("padding");
  op.attr("include_batch_in_index", false).attr("T");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 4);
    const auto ksize = s.list("ksize");
    if (ksize.size() != 4 || ksize[0] != 1 || ksize[3] != 1) s.fail("ksize needs four numbers, 1 for batch and channels");
    for (const int64_t size : ksize) {
      if (size < 1 || size > 1 << 30) s.fail("ksize holds " + std::to_string(size));
    }
    const ImageAxes axes{1, 2, 3};
    Windows w = windows(s, axes);
    w.height.size = ksize[1];
    w.width.size = ksize[2];
    image_shape(s, axes, w, s.shape(0).has_rank() ? s.shape(0)[3] : unknown_dim(s, 0, 3));
    s.out(1, s.type("Targmax"), s.outputs()[0].shape);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    Array &values = k.result(0), &indices = k.result(1);
    dispatch(k, in.dtype, Reals{}, [&](auto type) {
      dispatch(k, indices.dtype, Types<int32_t, int64_t>{},
               [&](auto index) { largest<decltype(type), decltype(index)>(k, in, values, indices); });
    });
  });
  op.sample({dims({2, 7, 5, 3})}, {{"ksize", dims({1, 3, 2, 1})}, {"strides", dims({1, 2, 1, 1})}, {"padding", "SAME"}});
  op.sample({dims({3, 6, 4, 2})},
            {{"ksize", dims({1, 2, 2, 1})}, {"strides", dims({1, 2, 2, 1})}, {"padding", "VALID"}, {"Targmax", DType::i32}});
  op.sample({dims({2, 4, 5, 3})}, {{"ksize", dims({1, 2, 3, 1})},
                                   {"strides", dims({1, 1, 1, 1})},
                                   {"padding", "VALID"},
                                   {"include_batch_in_index", true},
                                   {"T", DType::f64}});
}
