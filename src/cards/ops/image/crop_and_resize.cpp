#include <cmath>
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(crop_and_resize) {
  op.tf("CropAndResize").about("boxes cut out of images and brought to one size").fidelity(Fidelity::approximate);
  op.in("image").in("boxes").in("box_ind").in("crop_size").out("crops");
  op.attr("T").attr("method", "bilinear").attr("extrapolation_value", 0.0);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 4);
    need_rank(s, 1, 2);
    need_rank(s, 2, 1);
    need_rank(s, 3, 1);
    if (s.shape(1).has_rank() && s.shape(1)[1].known() && !s.shape(1)[1].is(4)) s.fail("a box needs 4 numbers");
    const auto& size = s.ints(3);
    if (size && size->size() != 2) s.fail("crop_size must be two numbers");
    const auto count = s.shape(1).has_rank() ? unify(s, Shape{s.shape(1)[0]}, s.shape(2)) : s.shape(2);
    Dims out{count.has_rank() ? count[0] : unknown_dim(s, 0, 0)};
    for (size_t i = 0; i < 2; ++i) out.push_back(size ? (*size)[i] : unknown_dim(s, 0, i + 1));
    out.push_back(s.shape(0).has_rank() ? s.shape(0)[3] : unknown_dim(s, 0, 3));
    need_sizes(s, out);
    s.out(0, DType::f32, out);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const std::string& method = k.text("method");
    if (method != "bilinear" && method != "nearest") k.fail("method is " + method);
    if (k.array(1).dtype != DType::f32) k.fail("the boxes are not float32");
    const auto fallback = static_cast<float>(k.real("extrapolation_value"));
    const auto which = ints_of(k, 2);
    Array& out = k.result();
    const int64_t rows = in.dims[1], columns = in.dims[2], channels = in.dims[3], height = out.dims[1], width = out.dims[2];
    if (height <= 0 || width <= 0) k.fail("crop_size is not above 0");
    for (const int64_t image : which) {
      if (image < 0 || image >= in.dims[0]) k.fail("box_ind " + std::to_string(image) + " is outside of the batch");
    }
    const auto at = [](float low, float high, int64_t size, int64_t i, int64_t count) {
      const auto last = static_cast<float>(size - 1);
      if (count == 1) return 0.5F * (low + high) * last;
      return low * last + static_cast<float>(i) * ((high - low) * last / static_cast<float>(count - 1));
    };
    const auto inside = [](float place, int64_t size) { return place >= 0 && place <= static_cast<float>(size - 1); };
    dispatch(k, in.dtype, Reals{}, [&](auto type) {
      using T = decltype(type);
      k.kernels().threads().parallel_for(static_cast<int64_t>(which.size()) * height, 1, [&](int64_t begin, int64_t end) {
        for (int64_t line = begin; line < end; ++line) {
          const int64_t box = line / height;
          const float* corners = k.array(1).as<float>() + 4 * box;
          const float y = at(corners[0], corners[2], rows, line % height, height);
          const T* image = in.as<T>() + which[static_cast<size_t>(box)] * rows * columns * channels;
          float* to = out.as<float>() + line * width * channels;
          for (int64_t i = 0; i < width; ++i, to += channels) {
            const float x = at(corners[1], corners[3], columns, i, width);
            if (!inside(y, rows) || !inside(x, columns)) {
              std::fill_n(to, channels, fallback);
              continue;
            }
            const auto pixel = [&](float py, float px) {
              return image + (static_cast<int64_t>(py) * columns + static_cast<int64_t>(px)) * channels;
            };
            if (method == "nearest") {
              const T* from = pixel(std::round(y), std::round(x));
              for (int64_t c = 0; c < channels; ++c) to[c] = static_cast<float>(from[c]);
              continue;
            }
            const float top = std::floor(y), left = std::floor(x), bottom = std::ceil(y), right = std::ceil(x);
            const T *tl = pixel(top, left), *tr = pixel(top, right), *bl = pixel(bottom, left), *br = pixel(bottom, right);
            for (int64_t c = 0; c < channels; ++c) {
              const auto mix = [](float a, float b, float share) { return a + (b - a) * share; };
              to[c] = mix(mix(static_cast<float>(tl[c]), static_cast<float>(tr[c]), x - left),
                          mix(static_cast<float>(bl[c]), static_cast<float>(br[c]), x - left), y - top);
            }
          }
        }
      });
    });
  });
  const Value boxes = given<float>(DType::f32, {3, 4}, {0, 0, 1, 1, 0.9F, 0.1F, 0.2F, 0.7F, -0.3F, 0.2F, 0.5F, 1.4F});
  op.sample({dims({2, 5, 7, 3}), boxes, given_i32({1, 0, 1}), given_i32({4, 3})});
  op.sample({dims({2, 5, 7, 2}), boxes, given_i32({0, 0, 1}), given_i32({3, 6})},
            {{"method", "nearest"}, {"extrapolation_value", -2.5}});
  op.sample({dims({1, 4, 4, 1}), boxes, given_i32({0, 0, 0}), given_i32({1, 1})});
  op.sample({dims({1, 4, 4, 1}), given<float>(DType::f32, {0, 4}, {}), given_i32(std::vector<int32_t>{}), given_i32({2, 2})});
}
