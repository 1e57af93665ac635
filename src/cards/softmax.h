// Softmax and its logarithm.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// Arguments, shape, kernel and samples.
void softmax_card(OpCard& op, bool log);

}  // namespace keraft::cards
