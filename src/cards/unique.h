#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Output 0: the different elements of input 0 along an axis in their order, output 1: the number of each element among them,
/// output 2 (counts): how often each comes. No axis: of a vector.
void unique_shape(ShapeContext& s, bool with_axis, bool counts);
void unique(KernelContext& k, std::optional<size_t> axis, bool counts);

}  // namespace keraft::cards
