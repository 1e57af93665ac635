// The objects of a Keras model, by the names with which tf.train.Checkpoint(model=…) finds them.
#pragma once

#include "formats/wire/messages.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// All Kerases' names at once: Keras 2 counts layers ("layer-0", "layer_with_weights-0"), Keras 3 operations ("_operations"),
/// and either may hide a weight ("_kernel"). The checkpoint keys are "layer/slot", names that lowered graphs give their
/// weights. The model is `model` of the root, and the root itself, as Model.load_weights has it. Throws as plan() does.
wire::ObjectGraph checkpoint_objects(const Graph& graph, const Registry& registry);

}  // namespace keraft::formats
