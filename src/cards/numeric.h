// From run-time element types to C++ types, and 16-bit floats computed as float.
#pragma once

#include <cstdint>
#include <limits>

#include "base/string.h"
#include "cards/op_card.h"
#include "kernels/context.h"
#include "kernels/half.h"

namespace keraft::cards {

template <class... T>
struct Types {};
template <class... A, class... B>
constexpr Types<A..., B...> operator+(Types<A...>, Types<B...>) {
  return {};
}

/// A float of 16 bits. Arithmetic is float's and storing rounds, so a functor that keeps its steps in variables of the type
/// rounds where TensorFlow's own (Eigen's) does: after each operation.
template <DType type>
struct Narrow {
  uint16_t bits = 0;
  Narrow() = default;
  Narrow(float value) : bits(type == DType::bf16 ? kernels::to_bf16(value) : kernels::to_f16(value)) {}
  template <class T>
  requires(std::is_arithmetic_v<T> && !std::is_same_v<T, float>) explicit Narrow(T value) : Narrow(static_cast<float>(value)) {}
  operator float() const { return type == DType::bf16 ? kernels::from_bf16(bits) : kernels::from_f16(bits); }
};
using Half = Narrow<DType::f16>;
using BFloat16 = Narrow<DType::bf16>;

/// What to compute a function of T in.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>, float, T>;
template <class T>
constexpr bool is_real = std::is_floating_point_v<Wide<T>>;

using Floats = Types<float, double>;
using Numbers = Types<float, double, int32_t, int64_t>;
using Integers = Types<int32_t, int64_t, uint8_t, int8_t, int16_t, uint16_t, uint32_t, uint64_t>;
using AllNumbers = Types<float, double, int32_t, int64_t, uint8_t, int8_t, int16_t, uint16_t, uint32_t, uint64_t>;
using AllFloats = Types<float, double, Half, BFloat16>;
using Reals = Types<float, double, Half, BFloat16, int32_t, int64_t, uint8_t, int8_t, int16_t, uint16_t, uint32_t, uint64_t>;

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
  else if constexpr (std::is_same_v<T, Half>)
    return DType::f16;
  else if constexpr (std::is_same_v<T, BFloat16>)
    return DType::bf16;
  else
    return DType::boolean;
}

/// Arithmetic in T: integers wrap, 16-bit floats round, of truth values plus is "or".
template <class T>
T plus(T a, T b) {
  if constexpr (std::is_same_v<T, Boolean>)
    return T(a.byte | b.byte);
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  else
    return T(a + b);
}
template <class T>
T minus(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  else
    return T(a - b);
}
template <class T>
T times(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  else
    return T(a * b);
}
/// The ends of T's range; of floats the infinities do not count.
template <class T>
T lowest_of(T) {
  if constexpr (std::is_same_v<T, Half>) return T(-65504.0F);
  if constexpr (std::is_same_v<T, BFloat16>) return T(-0x1.fep127F);
  return T(std::numeric_limits<Wide<T>>::lowest());
}
template <class T>
T highest_of(T) {
  if constexpr (std::is_same_v<T, Half>) return T(65504.0F);
  if constexpr (std::is_same_v<T, BFloat16>) return T(0x1.fep127F);
  return T(std::numeric_limits<Wide<T>>::max());
}

/// The larger or smaller one; NaN wins.
template <class T>
T larger(T a, T b) {
  return a < b || b != b ? b : a;
}
template <class T>
T smaller(T a, T b) {
  return b < a || b != b ? b : a;
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
