#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Params are input 0, indices input 1.
void gather_shape(ShapeContext& s, int64_t axis, int64_t batch_dims);
std::optional<Dims> gather_ints(const ShapeContext& s, std::optional<int64_t> axis);
/// Fails on an index outside of the axis.
void gather(KernelContext& k, int64_t axis, int64_t batch_dims);

}  // namespace keraft::cards
