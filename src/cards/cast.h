#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// Between all numeric types and bool. Integers wrap; a float out of an integer's range gives its smallest value, as x86 does.
void cast(KernelContext& k);

}  // namespace keraft::cards
