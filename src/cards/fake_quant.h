#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// Input `i`, which must be one float.
float fake_quant_number(const KernelContext& k, size_t i);
/// Rounds the elements begin, begin + step, … to the grid of num_bits and narrow_range; 0 lies on the grid.
void fake_quant(KernelContext& k, float low, float high, int64_t begin = 0, int64_t step = 1);
/// The same in calls of keras.ops: `low` and `high` are constants or weights, one number or one for each of the last axis.
std::optional<std::vector<Edge>> fake_quant_code(CodeContext& k, Operand low, Operand high);

}  // namespace keraft::cards
