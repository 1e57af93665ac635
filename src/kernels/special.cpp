#include "special.h"

#include <math.h>

#include <cmath>
#include <limits>

namespace keraft::kernels {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
constexpr double pi = 3.14159265358979323846;

/// Asymptotic series with Bernoulli numbers (Abramowitz and Stegun 6.3.18) from 10 on.
double digamma_of(double x) {
  double behind = 0;
  if (x <= 0) {
    if (std::floor(x) == x) return nan;
    behind = pi / std::tan(pi * (x - std::floor(x)));
    x = 1 - x;
  }
  for (; x < 10; ++x) behind += 1 / x;
  const double z = 1 / (x * x);
  const double series =
      z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))));
  return std::log(x) - 0.5 / x - series - behind;
}

/// Halley's steps from Winitzki's approximation; 0 < q <= 1.
double erfc_inverse(double q) {
  const double log_q = std::log(q * (2 - q)), a = 0.147, t = 2 / (pi * a) + log_q / 2;
  double y = std::sqrt(std::sqrt(t * t - log_q / a) - t);
  for (int i = 0; i < 3 && y * y < 700; ++i) {  // exp(y²) is finite
    const double u = (q - std::erfc(y)) * std::sqrt(pi) / 2 * std::exp(y * y);
    y -= u / (1 + y * u);
  }
  return y;
}

double erf_inverse_of(double x) {
  const double size = std::abs(x);
  if (!(size <= 1)) return nan;
  if (size == 1) return std::copysign(infinity, x);
  if (size > 0.5) return std::copysign(erfc_inverse(1 - size), x);
  double y = x * std::sqrt(pi) / 2;
  for (int i = 0; i < 4; ++i) {
    const double u = (std::erf(y) - x) * std::sqrt(pi) / 2 * std::exp(y * y);
    y -= u / (1 + y * u);
  }
  return y;
}

double normal_quantile_of(double p) {
  if (!(p >= 0 && p <= 1)) return nan;
  if (p == 0 || p == 1) return p == 0 ? -infinity : infinity;
  const double root = std::sqrt(2.0);
  if (p > 0.25 && p < 0.75) return root * erf_inverse_of(2 * p - 1);
  return p < 0.5 ? -root * erfc_inverse(2 * p) : root * erfc_inverse(2 * (1 - p));
}

}  // namespace

float log_gamma(float x) noexcept {
  int sign = 0;
  return ::lgammaf_r(x, &sign);
}
double log_gamma(double x) noexcept {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}
float digamma(float x) noexcept { return static_cast<float>(digamma_of(static_cast<double>(x))); }
double digamma(double x) noexcept { return digamma_of(x); }
float erf_inverse(float x) noexcept { return static_cast<float>(erf_inverse_of(static_cast<double>(x))); }
double erf_inverse(double x) noexcept { return erf_inverse_of(x); }
float normal_quantile(float p) noexcept { return static_cast<float>(normal_quantile_of(static_cast<double>(p))); }
double normal_quantile(double p) noexcept { return normal_quantile_of(p); }

}  // namespace keraft::kernels
