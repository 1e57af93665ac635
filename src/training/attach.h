// What training keeps, brought to the layers that were recovered.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::training {

/// Penalties become regularizers, averages the momentum of their layer, the optimizer's slots Slot::state. `lossy` gets what
/// has no place.
void attach(Graph& graph, const Registry& registry, std::vector<std::pair<std::string, std::string>>& lossy);

}  // namespace keraft::training
