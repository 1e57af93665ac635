#include "binary.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "broadcast.h"

namespace keraft::kernels {

namespace {

template <class T>
constexpr bool real = std::is_floating_point_v<T>;

/// Wide enough that no product of two T's overflows where that would be undefined.
template <class T>
struct UnsignedOf {
  using type = std::conditional_t<(sizeof(T) < 4), std::uint32_t, std::make_unsigned_t<T>>;
};
template <>
struct UnsignedOf<float> {
  using type = float;
};
template <>
struct UnsignedOf<double> {
  using type = double;
};
template <class T>
using Wrap = typename UnsignedOf<T>::type;

template <class T>
T add(T x, T y) {
  return static_cast<T>(static_cast<Wrap<T>>(x) + static_cast<Wrap<T>>(y));
}
template <class T>
T sub(T x, T y) {
  return static_cast<T>(static_cast<Wrap<T>>(x) - static_cast<Wrap<T>>(y));
}
template <class T>
T mul(T x, T y) {
  return static_cast<T>(static_cast<Wrap<T>>(x) * static_cast<Wrap<T>>(y));
}

template <class T>
void check_divisor(T y) {
  if (y == 0) throw std::domain_error("integer division by zero");
}

template <class T>
T truncate_div(T x, T y) {
  if constexpr (real<T>) {
    return x / y;
  } else {
    check_divisor(y);
    if constexpr (std::is_signed_v<T>)
      if (y == -1) return sub<T>(0, x);  // the lowest value has no negative
    return static_cast<T>(x / y);
  }
}

template <class T>
T truncate_mod(T x, T y) {
  if constexpr (real<T>) {
    return std::fmod(x, y);
  } else {
    check_divisor(y);
    if constexpr (std::is_signed_v<T>)
      if (y == -1) return 0;
    return static_cast<T>(x % y);
  }
}

template <class T>
bool other_sign(T rest, T y) {
  if constexpr (std::is_unsigned_v<T>)
    return false;
  else
    return rest != 0 && (rest < 0) != (y < 0);
}

template <class T>
T floor_mod(T x, T y) {
  const T rest = truncate_mod(x, y);
  return other_sign(rest, y) ? static_cast<T>(rest + y) : rest;
}

template <class T>
T floor_div(T x, T y) {
  if constexpr (real<T>)
    return std::floor(x / y);
  else
    return other_sign(truncate_mod(x, y), y) ? sub<T>(truncate_div(x, y), 1) : truncate_div(x, y);
}

template <class T>
T power(T x, T y) {
  if constexpr (real<T>) {
    return std::pow(x, y);
  } else {
    if constexpr (std::is_signed_v<T>)
      if (y < 0) throw std::domain_error("integer to a negative power");
    T result = 1;
    for (auto left = static_cast<std::make_unsigned_t<T>>(y); left != 0;
         left = static_cast<std::make_unsigned_t<T>>(left >> 1)) {
      if ((left & 1u) != 0) result = mul(result, x);
      x = mul(x, x);
    }
    return result;
  }
}

template <class T>
T larger(T x, T y) {
  if constexpr (real<T>) return x > y || x != x ? x : y;
  return x > y ? x : y;
}
template <class T>
T smaller(T x, T y) {
  if constexpr (real<T>) return x < y || x != x ? x : y;
  return x < y ? x : y;
}

}  // namespace

template <class T>
void binary(const Kernels& kernels, BinaryOp op, Operand<T> a, Operand<T> b, T* out) {
  const auto run = [&](auto fn) { broadcast<T, T>(kernels, a, b, out, fn); };
  switch (op) {
    case BinaryOp::add:
      return run([](T x, T y) { return add(x, y); });
    case BinaryOp::sub:
      return run([](T x, T y) { return sub(x, y); });
    case BinaryOp::mul:
      return run([](T x, T y) { return mul(x, y); });
    case BinaryOp::div:
      return run([](T x, T y) { return truncate_div(x, y); });
    case BinaryOp::max:
      return run([](T x, T y) { return larger(x, y); });
    case BinaryOp::min:
      return run([](T x, T y) { return smaller(x, y); });
    case BinaryOp::pow:
      return run([](T x, T y) { return power(x, y); });
    case BinaryOp::squared_difference:
      return run([](T x, T y) { return mul(sub(x, y), sub(x, y)); });
    case BinaryOp::floor_div:
      return run([](T x, T y) { return floor_div(x, y); });
    case BinaryOp::floor_mod:
      return run([](T x, T y) { return floor_mod(x, y); });
    case BinaryOp::truncate_div:
      return run([](T x, T y) {
        if constexpr (real<T>) return std::trunc(x / y);
        return truncate_div(x, y);
      });
    case BinaryOp::truncate_mod:
      return run([](T x, T y) { return truncate_mod(x, y); });
  }
}

template <class T>
void compare(const Kernels& kernels, CompareOp op, Operand<T> a, Operand<T> b, bool* out) {
  const auto run = [&](auto fn) { broadcast<T, bool>(kernels, a, b, out, fn); };
  switch (op) {
    case CompareOp::equal:
      return run([](T x, T y) { return x == y; });
    case CompareOp::not_equal:
      return run([](T x, T y) { return x != y; });
    case CompareOp::less:
      return run([](T x, T y) { return x < y; });
    case CompareOp::less_equal:
      return run([](T x, T y) { return x <= y; });
    case CompareOp::greater:
      return run([](T x, T y) { return x > y; });
    case CompareOp::greater_equal:
      return run([](T x, T y) { return x >= y; });
  }
}

void logical(const Kernels& kernels, LogicalOp op, Operand<bool> a, Operand<bool> b, bool* out) {
  const auto run = [&](auto fn) { broadcast<bool, bool>(kernels, a, b, out, fn); };
  switch (op) {
    case LogicalOp::logical_and:
      return run([](bool x, bool y) { return x && y; });
    case LogicalOp::logical_or:
      return run([](bool x, bool y) { return x || y; });
    case LogicalOp::logical_xor:
      return run([](bool x, bool y) { return x != y; });
  }
}

void logical_not(const Kernels& kernels, const bool* x, bool* out, std::int64_t n) {
  kernels.threads().parallel_for(n, 65536, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = !x[i];
  });
}

#define KERAFT_DEFINE(T)                                                      \
  template void binary(const Kernels&, BinaryOp, Operand<T>, Operand<T>, T*); \
  template void compare(const Kernels&, CompareOp, Operand<T>, Operand<T>, bool*);
KERAFT_NUMBERS(KERAFT_DEFINE)
template void compare(const Kernels&, CompareOp, Operand<bool>, Operand<bool>, bool*);
#undef KERAFT_DEFINE

}  // namespace keraft::kernels
