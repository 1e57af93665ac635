// A partitioned variable becomes one weight where the graph puts its parts together.
#pragma once

#include <map>

#include "keraft/graph.hpp"
#include "weights/bind_variables.h"

namespace keraft::weights {

/// `parts` by ir/Weight node.
void join_parts(Graph& graph, const std::map<NodeId, Variable::Part>& parts);

}  // namespace keraft::weights
