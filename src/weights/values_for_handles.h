// Resource handles of variables become the variables' values.
#pragma once

#include <map>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"

namespace keraft::weights {

/// Outputs that are handles, with the type of what they refer to.
using Handles = std::map<Edge, TensorType>;

/// Follows `handles` through the graph and into function bodies; removes what only reads them and plain identities of weights.
void values_for_handles(Graph& graph, const Handles& handles, const Control& control);

}  // namespace keraft::weights
