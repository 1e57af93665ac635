#pragma once

#include "cards/shapes.h"

namespace keraft::cards {

/// `first`: the channels are axis 1, else the last.
void bias_shape(ShapeContext& s, bool first);
void add_bias(KernelContext& k, bool first);

}  // namespace keraft::cards
