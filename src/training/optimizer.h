// The optimizer of a training graph: its steps, hyper-parameters and slots.
#pragma once

#include "training/lookup.h"

namespace keraft::training {

/// Fills out.optimizer and the slots of out.variables when every step is one of the same optimizer; says in source.lossy why
/// not.
void find_optimizer(const Graph& graph, const Source& source, Training& out);

}  // namespace keraft::training
