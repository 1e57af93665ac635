// Layers that a graph calls for each step of what comes in, spelled without a layer that says so.
#pragma once

#include <string>

#include "cards/layer_card.h"

namespace keraft::cards {

/// Calls between two reshapes, to one long batch and back, and calls on each index of axis 1 that are stacked again, become
/// calls of the wrapper `cls`, whose config entry "layer" holds the layer that was called. Only where sizes prove that a step
/// stays a step.
LayerCard::Gather gather_steps(std::string cls);

}  // namespace keraft::cards
