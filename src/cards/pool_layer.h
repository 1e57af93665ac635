// What the pooling layers share; those over one axis run as ops over images with a unit axis.
#pragma once

#include "cards/unit_axis.h"

namespace keraft::cards {

/// MaxPooling and AveragePooling over `axes` axes; `op` is the pooling op.
void pool_layer(LayerCard& card, int axes, const std::string& op);
/// A reduction over the spatial axes; also `pool` over windows of the full size behind which Squeeze drops the axes.
void global_pool_layer(LayerCard& card, int axes, const std::string& reduction, const std::string& pool);

}  // namespace keraft::cards
