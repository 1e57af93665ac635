// From run-time element types to C++ types, and 16-bit floats computed as float.
#pragma once

#include <cstdint>

#include "base/string.h"
#include "cards/op_card.h"
#include "kernels/context.h"

namespace keraft::cards {

template <class... T>
struct Types {};
using Floats = Types<float, double>;
using Numbers = Types<float, double, int32_t, int64_t>;
using AllNumbers = Types<float, double, int32_t, int64_t, uint8_t, int8_t, int16_t, uint16_t, uint32_t, uint64_t>;

/// A bool of a tensor. Files may hold other bytes than 0 and 1.
struct Boolean {
  uint8_t byte = 0;
  Boolean() = default;
  template <class T>
  explicit Boolean(T value) : byte(value != T(0)) {}
  friend bool operator==(Boolean a, Boolean b) { return (a.byte != 0) == (b.byte != 0); }
};
using AnyType = Types<float, double, int32_t, int64_t, uint8_t, int8_t, int16_t, uint16_t, uint32_t, uint64_t, Boolean>;

template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, float>)
    return DType::f32;
  else if constexpr (std::is_same_v<T, double>)
    return DType::f64;
  else if constexpr (std::is_same_v<T, int32_t>)
    return DType::i32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return DType::i64;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return DType::u8;
  else if constexpr (std::is_same_v<T, int8_t>)
    return DType::i8;
  else if constexpr (std::is_same_v<T, int16_t>)
    return DType::i16;
  else if constexpr (std::is_same_v<T, uint16_t>)
    return DType::u16;
  else if constexpr (std::is_same_v<T, uint32_t>)
    return DType::u32;
  else if constexpr (std::is_same_v<T, uint64_t>)
    return DType::u64;
  else
    return DType::boolean;
}

/// Calls fn(T{}) for the T of `dtype`; throws Status::unsupported when it is not among the types.
template <class... T, class Fn>
void dispatch(const ShapeContext& s, DType dtype, Types<T...>, Fn&& fn) {
  const bool found = ((dtype_of<T>() == dtype ? (fn(T{}), true) : false) || ...);
  if (!found) {
    throw Error(Status::unsupported, s.card().name() + " has no kernel for " + std::string(name_of(dtype)),
                Place{{}, {}, s.node().name});
  }
}

/// The kernel for float16 and bfloat16 too: inputs are widened to float, float outputs rounded back.
OpCard::KernelFn with_halves(OpCard::KernelFn kernel);

/// An integer tensor's elements; fails for other types.
std::vector<int64_t> ints_of(const KernelContext& k, size_t i);

/// Threads take pieces of this many elements of cheap work.
inline constexpr int64_t grain = 16384;

}  // namespace keraft::cards
