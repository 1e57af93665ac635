// How a model was trained, from the whole graph, before training is cut off.
#pragma once

#include <set>
#include <vector>

#include "training/averages.h"

namespace keraft::training {

/// `graph.outputs` are the model's; `objectives`: the nodes that gradients were taken of.
Training find(const Graph& graph, const std::vector<Average>& averages, const std::set<NodeId>& objectives,
              const Source& source);

}  // namespace keraft::training
