// Division of integers that is cut towards zero, in functions that round down.
#pragma once

#include <cmath>

#include "cards/calls.h"
#include "cards/number_tensor.h"

namespace keraft::cards {

inline Operand is_negative(CodeContext& k, const Operand& x) {
  const Tensor* tensor = x.value.get<Tensor>();
  if (!tensor) return both(k, "Less", x, literal(Value(0)));
  std::vector<uint8_t> out;
  for (const int64_t value : to_ints(*tensor)) out.push_back(value < 0);
  return literal(make_tensor<uint8_t>(DType::boolean, tensor->dims, out));
}

/// x / y, or what that leaves, for inputs 0 and 1.
inline std::optional<std::vector<Edge>> truncated_code(CodeContext& k, bool quotient) {
  const Operand x = k.input(0), y = k.input(1);
  if (!is_integer(k.dtype(0)) || (!x.is_tensor() && !y.is_tensor())) return std::nullopt;
  const Operand zero = literal(Value(0)), left = both(k, "Mod", x, y);
  const Operand apart = both(k, "NotEqual", is_negative(k, x), is_negative(k, y));
  const Operand differs = both(k, "LogicalAnd", both(k, "NotEqual", left, zero), apart);
  const Operand down = quotient ? both(k, "FloorDivide", x, y) : left;
  const Operand other = quotient ? both(k, "Add", down, literal(Value(1))) : both(k, "Subtract", left, y);
  return std::vector<Edge>{k.call("Where", {{"condition", differs}, {"x1", other}, {"x2", down}})};
}

inline Operand magnitude(CodeContext& k, const Operand& x) {
  const Tensor* tensor = x.value.get<Tensor>();
  if (!tensor) return called(k, "Absolute", {{"x", x}});
  std::vector<double> out = to_doubles(*tensor);
  for (double& value : out) value = std::abs(value);
  return literal(number_tensor(tensor->dtype, tensor->dims, out));
}

/// The same of floats, for an x that is no constant.
inline std::optional<std::vector<Edge>> float_rest_code(CodeContext& k) {
  const Operand x = k.input(0);
  if (!x.is_tensor()) return std::nullopt;
  const Operand sign = called(k, "Sign", {{"x", x}});
  return std::vector<Edge>{both(k, "Multiply", sign, both(k, "Mod", magnitude(k, x), magnitude(k, k.input(1)))).edge};
}

}  // namespace keraft::cards
