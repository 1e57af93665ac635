#include "norm.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace keraft::kernels {

template <class T>
AffineOf<T>::AffineOf(std::span<const double> scale, std::span<const double> bias) {
  const auto split = [](std::span<const double> from, std::vector<T>& high, std::vector<T>& low) {
    for (const double value : from) {
      high.push_back(static_cast<T>(value));
      const double rest = value - static_cast<double>(high.back());
      low.push_back(std::isfinite(rest) ? static_cast<T>(rest) : T(0));
    }
  };
  split(scale, scale_, scale_low_);
  split(bias, bias_, bias_low_);
}

template <class T>
Affine<T> AffineOf<T>::get() const {
  if (!scale_.empty()) return {bias_.data(), scale_.data(), scale_low_.data(), bias_low_.data()};
  return {bias_.empty() ? nullptr : bias_.data(), nullptr, nullptr, nullptr};
}

template <class T>
void affine_inner(const Kernels& kernels, const T* x, T* y, std::int64_t rows, std::int64_t channels, const Affine<T>& affine) {
  if (channels <= 0) return;
  const std::int64_t grain = std::max<std::int64_t>(1, 65536 / channels);
  kernels.threads().parallel_for(rows, grain, [&](std::int64_t begin, std::int64_t end) {
    kernels.isa().ops<T>().affine_inner(x + begin * channels, y + begin * channels, end - begin, channels, affine);
  });
}

template <class T>
void affine_outer(const Kernels& kernels, const T* x, T* y, std::int64_t batch, std::int64_t channels, std::int64_t plane,
                  const Affine<T>& affine) {
  if (plane <= 0) return;
  const std::int64_t grain = std::max<std::int64_t>(1, 65536 / plane);
  kernels.threads().parallel_for(batch * channels, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      kernels.isa().ops<T>().affine_outer(x + i * plane, y + i * plane, plane, affine.from(i % channels));
  });
}

template <class T>
void channel_moments(const Kernels& kernels, const T* x, std::int64_t outer, std::int64_t channels, std::int64_t inner, T* mean,
                     T* variance) {
  const auto count = static_cast<double>(outer * inner);
  // Threads share channels, never sums, so that the result does not depend on their number.
  const std::int64_t grain = inner == 1 ? 64 : 1;
  kernels.threads().parallel_for(channels, grain, [&](std::int64_t begin, std::int64_t end) {
    const auto width = static_cast<std::size_t>(end - begin);
    std::vector<double> sum(width), square(width);
    const auto pass = [&](auto&& add) {
      for (std::int64_t o = 0; o < outer; ++o)
        for (std::size_t c = 0; c < width; ++c) {
          const T* values = x + (o * channels + begin + static_cast<std::int64_t>(c)) * inner;
          for (std::int64_t i = 0; i < inner; ++i) add(c, static_cast<double>(values[i]));
        }
    };
    pass([&](std::size_t c, double value) { sum[c] += value; });
    for (double& s : sum) s /= count;
    pass([&](std::size_t c, double value) { square[c] += (value - sum[c]) * (value - sum[c]); });
    for (std::size_t c = 0; c < width; ++c) {
      mean[begin + static_cast<std::int64_t>(c)] = static_cast<T>(sum[c]);
      variance[begin + static_cast<std::int64_t>(c)] = static_cast<T>(square[c] / count);
    }
  });
}

#define KERAFT_NORM(T)                                                                                                  \
  template class AffineOf<T>;                                                                                           \
  template void affine_inner(const Kernels&, const T*, T*, std::int64_t, std::int64_t, const Affine<T>&);               \
  template void affine_outer(const Kernels&, const T*, T*, std::int64_t, std::int64_t, std::int64_t, const Affine<T>&); \
  template void channel_moments(const Kernels&, const T*, std::int64_t, std::int64_t, std::int64_t, T*, T*);
KERAFT_NORM(float)
KERAFT_NORM(double)
#undef KERAFT_NORM

}  // namespace keraft::kernels
