#include "cards/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "cards/numeric.h"

namespace keraft::cards {
namespace {

/// Where a pixel of the result lies in the source; in float, as TensorFlow computes it.
struct Scale {
  float factor;
  bool half, align;

  Scale(const ShapeContext& s, int64_t in, int64_t out) : half(s.flag("half_pixel_centers")), align(s.flag("align_corners")) {
    if (half && align) s.fail("align_corners and half_pixel_centers exclude each other");
    factor = align && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                              : static_cast<float>(in) / static_cast<float>(out);
  }
};

int64_t nearest(const Scale& scale, int64_t at, int64_t size) {
  const float x = static_cast<float>(at);
  const float source = scale.half ? (x + 0.5F) * scale.factor : x * scale.factor;
  const auto index = static_cast<int64_t>(scale.align ? std::round(source) : std::floor(source));
  return std::clamp<int64_t>(index, 0, size - 1);
}

struct Between {
  int64_t low, high;
  float weight;
};

std::vector<Between> between(const Scale& scale, int64_t in, int64_t out) {
  std::vector<Between> all;
  for (int64_t i = 0; i < out; ++i) {
    const float x = static_cast<float>(i);
    const float source = scale.half ? (x + 0.5F) * scale.factor - 0.5F : x * scale.factor;
    const float low = std::floor(source);
    all.push_back({std::clamp<int64_t>(static_cast<int64_t>(low), 0, in - 1),
                   std::clamp<int64_t>(static_cast<int64_t>(std::ceil(source)), 0, in - 1), source - low});
  }
  return all;
}

}  // namespace

void resized_shape(ShapeContext& s, DType dtype) {
  need_rank(s, 0, 4);
  need_rank(s, 1, 1);
  const auto& size = s.ints(1);
  Dims out = s.shape(0).has_rank() ? s.shape(0).dims() : unknown_dims(s, 0, 4).dims();
  if (size && size->size() != 2) s.fail("size needs two numbers");
  for (size_t i = 0; i < 2; ++i) {
    out[i + 1] = size ? (*size)[i] : unknown_dim(s, 0, i + 1);
    if (out[i + 1].known() && out[i + 1].value() < 1) s.fail("size must be positive");
    const Shape& in = s.shape(0);
    if (in.has_rank() && in[i + 1].known() && in[i + 1].value() < 1) s.fail("the images are empty");
  }
  s.out(0, dtype, out);
}

void resize_nearest(KernelContext& k) {
  const Array& in = k.array(0);
  Array& out = k.result();
  const auto &i = in.dims, &o = out.dims;
  const Scale scale_h(k, i[1], o[1]), scale_w(k, i[2], o[2]);
  const auto pixel = static_cast<int64_t>(size_of(in.dtype)) * i[3];
  std::vector<int64_t> columns;
  for (int64_t x = 0; x < o[2]; ++x) columns.push_back(nearest(scale_w, x, i[2]));
  k.kernels().threads().parallel_for(o[0] * o[1], 4, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t batch = row / o[1], y = nearest(scale_h, row % o[1], i[1]);
      const std::byte* from = in.data.get() + (batch * i[1] + y) * i[2] * pixel;
      std::byte* to = out.data.get() + row * o[2] * pixel;
      for (const int64_t x : columns) {
        std::memcpy(to, from + x * pixel, static_cast<size_t>(pixel));
        to += pixel;
      }
    }
  });
}

void resize_bilinear(KernelContext& k) {
  const Array& in = k.array(0);
  Array& out = k.result();
  const auto &i = in.dims, &o = out.dims;
  const auto rows = between(Scale(k, i[1], o[1]), i[1], o[1]), columns = between(Scale(k, i[2], o[2]), i[2], o[2]);
  const int64_t channels = i[3];
  dispatch(k, in.dtype, AllNumbers{}, [&](auto type) {
    using T = decltype(type);
    const T* x = in.as<T>();
    float* y = out.as<float>();
    k.kernels().threads().parallel_for(o[0] * o[1], 4, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const Between& v = rows[static_cast<size_t>(row % o[1])];
        const T* image = x + row / o[1] * i[1] * i[2] * channels;
        const T *top = image + v.low * i[2] * channels, *bottom = image + v.high * i[2] * channels;
        float* to = y + row * o[2] * channels;
        for (const Between& h : columns) {
          for (int64_t c = 0; c < channels; ++c) {
            const auto at = [&](const T* line, int64_t column) { return static_cast<float>(line[column * channels + c]); };
            const float upper = at(top, h.low) + (at(top, h.high) - at(top, h.low)) * h.weight;
            const float lower = at(bottom, h.low) + (at(bottom, h.high) - at(bottom, h.low)) * h.weight;
            *to++ = upper + (lower - upper) * v.weight;
          }
        }
      }
    });
  });
}

}  // namespace keraft::cards
