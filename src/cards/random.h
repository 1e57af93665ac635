// Random numbers of a given shape.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// Arguments and shape. There is no kernel: nobody could compare what it makes.
void random_card(OpCard& op);

}  // namespace keraft::cards
