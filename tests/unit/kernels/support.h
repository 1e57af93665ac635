#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/context.h"

namespace keraft::kernels::test {

using Size = std::int64_t;

inline std::size_t at(Size i) { return static_cast<std::size_t>(i); }

/// Calls fn once per available instruction set, with one thread and with three.
template <class Fn>
void each_kernels(Fn&& fn) {
  for (const Isa* isa : available_isas())
    for (const int threads : {1, 3}) {
      const Kernels kernels(threads, *isa);
      INFO("isa " << isa->name << ", threads " << threads);
      fn(kernels);
    }
}

template <class T>
std::vector<T> random_values(Size n, unsigned seed, double lo = -1, double hi = 1) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<double> distribution(lo, hi);
  std::vector<T> values(at(n));
  for (T& value : values) value = static_cast<T>(distribution(engine));
  return values;
}

/// Largest |a - b| allowed is `tolerance` times the largest |b|; NaN only where b has it.
template <class T, class U>
bool close(const std::vector<T>& a, const std::vector<U>& b, double tolerance) {
  if (a.size() != b.size()) return false;
  double most = 1e-30;
  for (const U& x : b)
    if (std::isfinite(static_cast<double>(x))) most = std::max(most, std::abs(static_cast<double>(x)));
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (std::isnan(x) && std::isnan(y)) continue;
    if (x == y) continue;
    if (!(std::abs(x - y) <= tolerance * most)) {
      UNSCOPED_INFO("at " << i << ": " << x << " instead of " << y << ", scale " << most);
      return false;
    }
  }
  return true;
}

template <class T>
constexpr double tight = std::is_same_v<T, float> ? 3e-6 : 1e-14;

}  // namespace keraft::kernels::test
