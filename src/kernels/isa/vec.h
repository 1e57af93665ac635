#pragma once

// Included only by the files of this folder. They are compiled once per instruction set, so nothing
// here may have external linkage: everything is in an unnamed namespace or uses Eigen, whose
// namespace is renamed. No std containers, algorithms or static initialisers.

#ifndef KERAFT_ISA
#error "compiled through cmake/isa.cmake only"
#endif

#include <Eigen/Core>

#include <cstdint>
#include <cstring>

#include "../isa.h"

#define KERAFT_CONCAT_(a, b) a##b
#define KERAFT_CONCAT(a, b) KERAFT_CONCAT_(a, b)
#define KERAFT_ISA_NAMESPACE KERAFT_CONCAT(isa_, KERAFT_ISA)
#if defined(__clang__)
#define KERAFT_UNROLL _Pragma("unroll")
#else
#define KERAFT_UNROLL _Pragma("GCC unroll 16")
#endif
#define KERAFT_INLINE inline __attribute__((always_inline))

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

namespace ei = Eigen::internal;
using Index = std::int64_t;

/// The widest packet of T.
template <class T>
using Packet = typename ei::packet_traits<T>::type;
template <class T>
constexpr int lanes = ei::unpacket_traits<Packet<T>>::size;

template <class V, class T>
KERAFT_INLINE V load(const T* p) {
  return ei::ploadu<V>(p);
}
template <class V, class T>
KERAFT_INLINE V set1(T value) {
  return ei::pset1<V>(value);
}
template <class T, class V>
KERAFT_INLINE void store(T* p, const V& v) {
  ei::pstoreu(p, v);
}

/// The first n values; the other lanes repeat them from a zeroed copy.
template <class V, class T>
KERAFT_INLINE V load_part(const T* p, Index n) {
  alignas(64) T copy[lanes<T>] = {};
  for (Index i = 0; i < n; ++i) copy[i] = p[i];
  return ei::pload<V>(copy);
}
template <class T, class V>
KERAFT_INLINE void store_part(T* p, const V& v, Index n) {
  alignas(64) T copy[lanes<T>];
  ei::pstore(copy, v);
  for (Index i = 0; i < n; ++i) p[i] = copy[i];
}

/// NaN stays NaN: pmin and pmax keep their first operand then.
template <class V>
KERAFT_INLINE V clamp(const V& x, const V& lo, const V& hi) {
  return ei::pmin(ei::pmax(x, lo), hi);
}

/// What a sum starts from: the bias where nothing is scaled.
template <class V, class T>
KERAFT_INLINE V start(const Affine<T>& affine, Index at, Index left = lanes<T>) {
  constexpr Index VL = ei::unpacket_traits<V>::size;
  if (affine.bias == nullptr || affine.scale != nullptr) return set1<V>(T(0));
  return left >= VL ? load<V>(affine.bias + at) : load_part<V>(affine.bias + at, left);
}

/// x → x * scale + bias, for one vector of columns.
template <class V>
struct Map {
  V scale, bias, scale_low, bias_low;

  Map() = default;
  KERAFT_INLINE Map(const V& s, const V& b, const V& sl, const V& bl) : scale(s), bias(b), scale_low(sl), bias_low(bl) {}
  template <class T>
  KERAFT_INLINE Map(const Affine<T>& affine, Index at, Index left = lanes<T>) {
    constexpr Index VL = ei::unpacket_traits<V>::size;
    const auto get = [&](const T* from) __attribute__((always_inline)) {
      return left >= VL ? load<V>(from + at) : load_part<V>(from + at, left);
    };
    scale = get(affine.scale);
    bias = get(affine.bias);
    scale_low = get(affine.scale_low);
    bias_low = get(affine.bias_low);
  }
  KERAFT_INLINE V operator()(const V& x) const {
    const V y = ei::pmadd(x, scale, bias);
    const V low = ei::pmadd(x, scale_low, bias_low);
    // Of an infinite x the low part would make a NaN.
    const V infinity = ei::pset1<V>(static_cast<typename ei::unpacket_traits<V>::type>(__builtin_inf()));
    return ei::pselect(ei::pcmp_lt(ei::pabs(low), infinity), ei::padd(y, low), y);
  }
};

}  // namespace
}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
