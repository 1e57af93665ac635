// Calls of keras.ops one behind the other, for what no text can say.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "cards/op_card.h"

namespace keraft::cards {

inline Operand literal(Value value) {
  Operand out;
  out.value = std::move(value);
  return out;
}

/// Result `result` of a call of the class.
inline Operand called(CodeContext& k, std::string_view cls, const std::vector<std::pair<std::string, Operand>>& arguments,
                      int32_t result = 0) {
  Operand out;
  out.edge = k.call(cls, arguments);
  out.edge.port = result;
  return out;
}

/// A call with two operands: "Add", "Multiply", "Maximum" …
inline Operand both(CodeContext& k, std::string_view cls, Operand a, Operand b) {
  return called(k, cls, {{"x1", std::move(a)}, {"x2", std::move(b)}});
}

}  // namespace keraft::cards
