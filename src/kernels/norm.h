#pragma once

#include <span>
#include <vector>

#include "context.h"

namespace keraft::kernels {

/// Holds the vectors of an affine map that is given in double precision.
template <class T>
class AffineOf {
 public:
  AffineOf() = default;
  /// An empty scale: only the bias is added; both empty: nothing.
  AffineOf(std::span<const double> scale, std::span<const double> bias);
  /// Lives as long as this.
  Affine<T> get() const;

 private:
  std::vector<T> scale_, bias_, scale_low_, bias_low_;
};

/// y = x * scale[c] + bias[c] for `rows` rows of `channels` values (NHWC). y may be x.
template <class T>
void affine_inner(const Kernels& kernels, const T* x, T* y, std::int64_t rows, std::int64_t channels, const Affine<T>& affine);

/// The same for `batch` x `channels` planes of `plane` values (NCHW).
template <class T>
void affine_outer(const Kernels& kernels, const T* x, T* y, std::int64_t batch, std::int64_t channels, std::int64_t plane,
                  const Affine<T>& affine);

/// Mean and variance (divided by the count, not count - 1) of each channel over `outer` x `inner`
/// values; the input is shaped [outer][channels][inner], so inner = 1 is NHWC and outer = batch is
/// NCHW. Summed in double precision. Both are NaN when there are no values.
template <class T>
void channel_moments(const Kernels& kernels, const T* x, std::int64_t outer, std::int64_t channels, std::int64_t inner, T* mean,
                     T* variance);

#define KERAFT_NORM(T)                                                                                                         \
  extern template class AffineOf<T>;                                                                                           \
  extern template void affine_inner(const Kernels&, const T*, T*, std::int64_t, std::int64_t, const Affine<T>&);               \
  extern template void affine_outer(const Kernels&, const T*, T*, std::int64_t, std::int64_t, std::int64_t, const Affine<T>&); \
  extern template void channel_moments(const Kernels&, const T*, std::int64_t, std::int64_t, std::int64_t, T*, T*);
KERAFT_NORM(float)
KERAFT_NORM(double)
#undef KERAFT_NORM

}  // namespace keraft::kernels
