#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Output 0 is input 0 with the marked axes the other way round.
void flip(KernelContext& k, const std::vector<bool>& turned);

}  // namespace keraft::cards
