// What is minimised: losses on the outputs, penalties on variables.
#pragma once

#include <vector>

#include "training/lookup.h"

namespace keraft::training {

/// Fills out.losses and the penalties of out.variables from the tensor that gradients were taken of; says in source.lossy what
/// of it Keras will not minimise.
void read_objective(const Graph& graph, Edge loss, const std::vector<Port>& outputs, const Source& source, Training& out);

}  // namespace keraft::training
