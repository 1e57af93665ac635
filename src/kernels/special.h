// Special functions that <cmath> lacks, for float and double; float is computed in double.
#pragma once

namespace keraft::kernels {

/// log |gamma(x)|; infinity at 0, -1, -2, … Unlike std::lgamma free of a global variable.
float log_gamma(float x) noexcept;
double log_gamma(double x) noexcept;

/// The derivative of log_gamma; NaN at 0, -1, -2, …
float digamma(float x) noexcept;
double digamma(double x) noexcept;

/// The y with erf(y) = x; NaN outside of -1…1.
float erf_inverse(float x) noexcept;
double erf_inverse(double x) noexcept;

/// The y below which a share p of the normal distribution lies; NaN outside of 0…1.
float normal_quantile(float p) noexcept;
double normal_quantile(double p) noexcept;

}  // namespace keraft::kernels
