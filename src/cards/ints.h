// Writing small integer results.
#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// Output `port`, int32 or int64, becomes these numbers; fails when one does not fit.
void write_ints(const KernelContext& k, size_t port, const std::vector<int64_t>& values);

}  // namespace keraft::cards
