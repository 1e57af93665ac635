#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// Input `i`, which must be one float.
float fake_quant_number(const KernelContext& k, size_t i);
/// Rounds the elements begin, begin + step, … to the grid of num_bits and narrow_range; 0 lies on the grid.
void fake_quant(KernelContext& k, float low, float high, int64_t begin = 0, int64_t step = 1);

}  // namespace keraft::cards
