#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// Input 0 grown by input 1, which holds [before, after] for each axis.
void padded_shape(ShapeContext& s);
/// `value` points to one element; null is zero.
void pad(KernelContext& k, const std::byte* value);
/// `skip` 1 leaves the edge itself out (REFLECT), 0 repeats it (SYMMETRIC).
void mirror_pad(KernelContext& k, int64_t skip);

}  // namespace keraft::cards
