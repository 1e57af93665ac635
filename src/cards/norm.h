// The family of FusedBatchNorm.
#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// `reserves` more outputs follow y, batch_mean and batch_variance.
void batch_norm_shape(ShapeContext& s, size_t reserves);
void batch_norm(KernelContext& k, size_t reserves);

}  // namespace keraft::cards
