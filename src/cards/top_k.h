#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Values and indices of the k largest elements of each row; of equal ones the first.
void top_k_shape(ShapeContext& s, std::optional<int64_t> count, DType index_type);
void top_k(KernelContext& k);

}  // namespace keraft::cards
