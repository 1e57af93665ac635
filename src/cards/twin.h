// Ops that are another op when their second input is a constant c: x / c is Mul(x, 1 / c). Forms of that op read them too.
#pragma once

#include <string>
#include <string_view>

namespace keraft::cards {

struct Twin {
  std::string op;  ///< with its namespace
  double (*turn)(double);
};

/// The twin of an op by its name with namespace, or null. For floating constants only.
const Twin* twin(std::string_view op);

}  // namespace keraft::cards
