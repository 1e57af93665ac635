#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// Result[i] = condition[i] ? input 1 : input 2, all broadcast; the condition (input 0) is taken as having the sizes
/// `condition`.
void choose(KernelContext& k, const std::vector<int64_t>& condition);

}  // namespace keraft::cards
