#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// DynamicStitch: rows of data tensors put where index tensors say; the later one wins.
void stitch_card(OpCard& card);

}  // namespace keraft::cards
