#pragma once

#include "vec.h"

// Values computed in double precision, a vector of doubles at a time.
//
// The first layers of a network sum few products (a 3x3 kernel over 3 channels, a depthwise kernel), and what they round away
// every later layer amplifies: measured on MobileNetV2 with random statistics, nine tenths of the output's error come from the
// first eight layers. There double precision costs little; sums of many products are left to chains of float (tile.h).

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

/// Sums of at most so many products are made in double precision (and those of depthwise kernels of any size).
constexpr Index few_products = 96;

using Wide = Packet<double>;
constexpr int wide_lanes = lanes<double>;
typedef float Narrow __attribute__((vector_size(4 * wide_lanes)));
typedef double WideVector __attribute__((vector_size(8 * wide_lanes)));

// GCC 12 takes the portable conversion apart into halves.
KERAFT_INLINE Wide load_wide(const float* p) {
#if defined(__AVX512F__)
  return _mm512_cvtps_pd(_mm256_loadu_ps(p));
#elif defined(__AVX__)
  return _mm256_cvtps_pd(_mm_loadu_ps(p));
#else
  Narrow narrow;
  std::memcpy(&narrow, p, sizeof narrow);
  return (Wide) __builtin_convertvector(narrow, WideVector);
#endif
}
KERAFT_INLINE Wide load_wide(const double* p) { return load<Wide>(p); }
KERAFT_INLINE Narrow narrow(const Wide& v) {
#if defined(__AVX512F__)
  return (Narrow)_mm512_cvtpd_ps(v);
#elif defined(__AVX__)
  return (Narrow)_mm256_cvtpd_ps(v);
#else
  return __builtin_convertvector((WideVector)v, Narrow);
#endif
}
/// The first `left` values, then zeros; nothing is read when `left` is not positive.
template <class T>
KERAFT_INLINE Wide load_wide(const T* p, Index left) {
  if (left >= wide_lanes) return load_wide(p);
  T copy[wide_lanes] = {};
  for (Index i = 0; i < left; ++i) copy[i] = p[i];
  return load_wide(copy);
}
KERAFT_INLINE void store_narrow(float* p, const Wide& v, Index left = wide_lanes) {
  const Narrow values = narrow(v);
  if (left >= wide_lanes) {
    std::memcpy(p, &values, sizeof values);
    return;
  }
  for (Index i = 0; i < left; ++i) p[i] = values[i];
}
KERAFT_INLINE void store_narrow(double* p, const Wide& v, Index left = wide_lanes) {
  if (left >= wide_lanes)
    store(p, v);
  else
    store_part(p, v, left);
}

/// What becomes of a sum: one vector of columns.
struct WideMap {
  Wide scale, bias, lo, hi;

  WideMap() = default;
  template <class T>
  KERAFT_INLINE WideMap(const Affine<T>& affine, Index at, Index left, T low, T high) {
    scale = set1<Wide>(1.0);
    bias = affine.bias == nullptr ? set1<Wide>(0.0) : load_wide(affine.bias + at, left);
    if (affine.scale != nullptr) {
      scale = ei::padd(load_wide(affine.scale + at, left), load_wide(affine.scale_low + at, left));
      bias = ei::padd(bias, load_wide(affine.bias_low + at, left));
    }
    lo = set1<Wide>(static_cast<double>(low));
    hi = set1<Wide>(static_cast<double>(high));
  }
  KERAFT_INLINE Wide operator()(const Wide& x) const { return ei::pmadd(x, scale, bias); }
};

}  // namespace
}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
