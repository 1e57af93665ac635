// The family of FusedBatchNorm.
#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// What all versions of the op have in common; `reserves` more outputs follow y, batch_mean and batch_variance. The caller adds
/// the name and the types' attributes.
void batch_norm_card(OpCard& op, size_t reserves);

}  // namespace keraft::cards
