#pragma once

#include <span>
#include <vector>

#include "context.h"

namespace keraft::kernels {

enum class BinaryOp {
  add,
  sub,
  mul,
  div,  // integers: rounded to zero
  max,  // NaN wins
  min,
  pow,
  squared_difference,
  floor_div,
  floor_mod,     // sign of the divisor
  truncate_div,  // cut towards zero, floats too
  truncate_mod,  // sign of the dividend
};
enum class CompareOp { equal, not_equal, less, less_equal, greater, greater_equal };
enum class LogicalOp { logical_and, logical_or, logical_xor };

/// An array and its row-major shape.
template <class T>
struct Operand {
  const T* data = nullptr;
  std::span<const std::int64_t> shape;
};

/// numpy's rule: right-aligned, lengths of 1 are repeated. Throws std::invalid_argument if that fails.
std::vector<std::int64_t> broadcast_shape(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// out has broadcast_shape(a, b); it may be an operand's own data when that has the output's shape.
/// Integers wrap around. Throws std::domain_error on integer division by zero and on integers to a
/// negative power.
/// T: float, double and all integers of 8 to 64 bits.
template <class T>
void binary(const Kernels& kernels, BinaryOp op, Operand<T> a, Operand<T> b, T* out);

/// T: as above, and bool.
template <class T>
void compare(const Kernels& kernels, CompareOp op, Operand<T> a, Operand<T> b, bool* out);

void logical(const Kernels& kernels, LogicalOp op, Operand<bool> a, Operand<bool> b, bool* out);
void logical_not(const Kernels& kernels, const bool* x, bool* out, std::int64_t n);

// clang-format off.
#define KERAFT_NUMBERS(X) \
  X(float)                \
  X(double)               \
  X(std::int8_t)          \
  X(std::int16_t)         \
  X(std::int32_t)         \
  X(std::int64_t)         \
  X(std::uint8_t)         \
  X(std::uint16_t)        \
  X(std::uint32_t)        \
  X(std::uint64_t)
// clang-format on

#define KERAFT_EXTERN(T)                                                             \
  extern template void binary(const Kernels&, BinaryOp, Operand<T>, Operand<T>, T*); \
  extern template void compare(const Kernels&, CompareOp, Operand<T>, Operand<T>, bool*);
KERAFT_NUMBERS(KERAFT_EXTERN)
extern template void compare(const Kernels&, CompareOp, Operand<bool>, Operand<bool>, bool*);
#undef KERAFT_EXTERN

}  // namespace keraft::kernels
