// Arithmetic on sizes from files.
#pragma once

#include <cstdint>
#include <optional>

namespace keraft::base {

template <class T>
std::optional<T> add(T a, T b) noexcept {
  T out;
  if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
  return out;
}
template <class T>
std::optional<T> mul(T a, T b) noexcept {
  T out;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}
template <class T>
std::optional<T> sub(T a, T b) noexcept {
  T out;
  if (__builtin_sub_overflow(a, b, &out)) return std::nullopt;
  return out;
}

}  // namespace keraft::base
