// If and StatelessIf.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// Arguments, and the shapes that the node itself tells.
void if_card(OpCard& op);

}  // namespace keraft::cards
