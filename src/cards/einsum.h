// Einstein summation over one or two operands.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

struct EinsumEquation {
  std::vector<std::string> inputs;  ///< letters by axis; "..." stands for any number of axes
  std::string output;
};
/// "ab,bc->ac"; without an arrow the output holds the letters that come once, sorted. Nothing for what is no equation.
std::optional<EinsumEquation> parse_einsum(std::string_view text);

void einsum_shape(ShapeContext& s);
void einsum(KernelContext& k);

}  // namespace keraft::cards
