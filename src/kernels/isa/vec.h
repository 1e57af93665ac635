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

}  // namespace
}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
