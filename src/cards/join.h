// Joining tensors along an axis, and cutting them.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Inputs first … first + count - 1 along the axis that input `axis` holds.
void concat_shape(ShapeContext& s, size_t first, size_t count, size_t axis);
std::optional<Dims> concat_ints(const ShapeContext& s, size_t first, size_t count);
void concat(KernelContext& k, size_t first, size_t count, size_t axis);

/// Writes inputs first … first + count - 1 into the result; each takes `sizes[i]` along `axis` of the result.
void join(KernelContext& k, size_t first, size_t count, size_t axis, const std::vector<int64_t>& sizes);
/// The inverse: output i gets `sizes[i]` along `axis` of `in`.
void cut(KernelContext& k, const Array& in, size_t axis, const std::vector<int64_t>& sizes);

}  // namespace keraft::cards
