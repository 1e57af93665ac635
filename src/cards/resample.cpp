#include "cards/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "cards/numeric.h"

namespace keraft::cards {
namespace {

constexpr float smallest_sum = 1000 * std::numeric_limits<float>::min();

/// Whether there is a sum to divide by.
bool normalise(Taps& taps) {
  float sum = 0;
  for (const Tap& tap : taps) sum += tap.weight;
  if (std::abs(sum) < smallest_sum) return false;
  const float factor = 1 / sum;
  for (Tap& tap : taps) tap.weight *= factor;
  return true;
}

float cubic(double a, double x) {
  x = std::abs(x);
  if (x <= 1) return static_cast<float>(((a + 2) * x - (a + 3)) * x * x + 1);
  return static_cast<float>(((a * x - 5 * a) * x + 8 * a) * x - 4 * a);
}

struct Kernel {
  float radius;
  float (*weight)(float);
};

template <int radius>
float lanczos(float x) {
  x = std::abs(x);
  if (x > radius) return 0;
  if (x <= 1e-3F) return 1;
  const float angle = std::numbers::pi_v<float> * x;
  return static_cast<float>(radius) * std::sin(angle) * std::sin(angle / radius) / (angle * angle);
}

float gaussian(float x) {
  x = std::abs(x);
  return x >= 1.5F ? 0 : std::exp(-x * x / (2 * 0.5F * 0.5F));
}

float box(float x) {
  x = std::abs(x);
  return x < 0.5F ? 1 : x == 0.5F ? 0.5F : 0;
}

float triangle(float x) { return std::max(0.0F, 1 - std::abs(x)); }

float keys(float x) {
  x = std::abs(x);
  if (x >= 2) return 0;
  return x >= 1 ? ((-0.5F * x + 2.5F) * x - 4) * x + 2 : ((1.5F * x - 2.5F) * x) * x + 1;
}

float mitchell(float x) {
  x = std::abs(x);
  if (x >= 2) return 0;
  return x >= 1 ? (((-7.0F / 18) * x + 2) * x - 10.0F / 3) * x + 16.0F / 9 : ((7.0F / 6 * x - 2) * x) * x + 8.0F / 9;
}

Kernel kernel_of(const ShapeContext& s) {
  const std::string& name = s.text("kernel_type");
  if (name == "lanczos1") return {1, lanczos<1>};
  if (name == "lanczos3") return {3, lanczos<3>};
  if (name == "lanczos5") return {5, lanczos<5>};
  if (name == "gaussian") return {1.5F, gaussian};
  if (name == "box") return {1, box};
  if (name == "triangle") return {1, triangle};
  if (name == "keyscubic") return {2, keys};
  if (name == "mitchellcubic") return {2, mitchell};
  s.fail("the kernel \"" + name + "\" is unknown");
}

float scale_of(const ShapeContext& s, int64_t in, int64_t out) {
  if (s.flag("align_corners") && out > 1) return static_cast<float>(in - 1) / static_cast<float>(out - 1);
  return static_cast<float>(in) / static_cast<float>(out);
}

}  // namespace

std::vector<Taps> bicubic_taps(const ShapeContext& s, int64_t in, int64_t out) {
  const bool half = s.flag("half_pixel_centers");
  if (half && s.flag("align_corners")) s.fail("align_corners and half_pixel_centers exclude each other");
  const float scale = scale_of(s, in, out);
  const double a = half ? -0.5 : -0.75;
  constexpr int steps = 1024;  // TensorFlow looks weights up in a table of so many
  std::vector<Taps> all;
  for (int64_t i = 0; i < out; ++i) {
    const float x = static_cast<float>(i);
    const float source = half ? (x + 0.5F) * scale - 0.5F : x * scale;
    const auto base = static_cast<int64_t>(std::floor(source));
    const auto step = static_cast<double>(std::lrint((source - static_cast<float>(base)) * steps)) / steps;
    Taps taps;
    for (int64_t k = -1; k <= 2; ++k) {
      const int64_t at = std::clamp<int64_t>(base + k, 0, in - 1);
      taps.push_back({at, half && at != base + k ? 0 : cubic(a, step - static_cast<double>(k))});
    }
    if (half) normalise(taps);
    all.push_back(std::move(taps));
  }
  return all;
}

std::vector<Taps> area_taps(const ShapeContext& s, int64_t in, int64_t out) {
  const float scale = scale_of(s, in, out);
  std::vector<Taps> all;
  for (int64_t i = 0; i < out; ++i) {
    const float begin = static_cast<float>(i) * scale, end = static_cast<float>(i + 1) * scale;
    const auto first = static_cast<int64_t>(std::floor(begin)), last = static_cast<int64_t>(std::ceil(end));
    Taps taps;
    for (int64_t at = first; at < last; ++at) {
      const float from = std::max(static_cast<float>(at), begin), to = std::min(static_cast<float>(at + 1), end);
      taps.push_back({std::clamp<int64_t>(at, 0, in - 1), (to - from) / scale});
    }
    all.push_back(std::move(taps));
  }
  return all;
}

std::vector<Taps> scaled_taps(const ShapeContext& s, int64_t in, int64_t out, float scale, float translation) {
  if (!(scale > 0) || !std::isfinite(translation)) s.fail("scale must be positive");
  const Kernel kernel = kernel_of(s);
  const float inverse = 1 / scale, shift = -inverse * translation;
  const float wide = s.flag("antialias") ? std::max(inverse, 1.0F) : 1.0F, narrow = 1 / wide;
  const auto reach = kernel.radius * wide, size = static_cast<float>(in);
  const auto span = static_cast<int64_t>(std::min(2 * std::ceil(reach) + 1, size));
  std::vector<Taps> all;
  for (int64_t i = 0; i < out; ++i) {
    const float source = (static_cast<float>(i) + 0.5F) * inverse + shift;
    Taps taps;
    int64_t first = 0;
    if (source >= 0 && source <= size) {
      first = std::clamp<int64_t>(static_cast<int64_t>(std::ceil(std::max(source - reach - 0.5F, -1.0F))), 0, in - 1);
      const auto last = std::clamp<int64_t>(static_cast<int64_t>(std::floor(std::min(source + reach - 0.5F, size))), 0, in - 1);
      for (int64_t at = first; at <= last; ++at) {
        taps.push_back({at, kernel.weight((static_cast<float>(at) + 0.5F - source) * narrow)});
      }
      if (!normalise(taps)) taps.clear();
    }
    for (auto at = first + static_cast<int64_t>(taps.size()); at < std::min(first + span, in); ++at) taps.push_back({at, 0});
    all.push_back(std::move(taps));
  }
  return all;
}

void resample(KernelContext& k, const std::vector<Taps>& rows, const std::vector<Taps>& columns) {
  const Array& in = k.array(0);
  Array& out = k.result();
  const int64_t height = in.dims[1], width = in.dims[2], channels = in.dims[3];
  const auto lines = static_cast<int64_t>(rows.size()), line = static_cast<int64_t>(columns.size()) * channels;
  dispatch(k, in.dtype, AllNumbers{}, [&](auto type) {
    using T = decltype(type);
    const T* x = in.as<T>();
    float* y = out.as<float>();
    k.kernels().threads().parallel_for(in.dims[0] * lines, 4, [&](int64_t begin, int64_t end) {
      std::vector<float> sums(static_cast<size_t>(width * channels));
      for (int64_t row = begin; row < end; ++row) {
        const T* image = x + row / lines * height * width * channels;
        std::fill(sums.begin(), sums.end(), 0.0F);
        for (const Tap& tap : rows[static_cast<size_t>(row % lines)]) {
          const T* from = image + tap.at * width * channels;
          for (size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<float>(from[i]) * tap.weight;
        }
        float* to = y + row * line;
        for (const Taps& taps : columns) {
          for (int64_t c = 0; c < channels; ++c) {
            float sum = 0;
            for (const Tap& tap : taps) sum += sums[static_cast<size_t>(tap.at * channels + c)] * tap.weight;
            *to++ = sum;
          }
        }
      }
    });
  });
}

}  // namespace keraft::cards
