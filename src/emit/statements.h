// Graph of layers → the statements that make it.
#pragma once

#include "emit/program.h"
#include "keraft/registry.hpp"

namespace keraft::emit {

/// The graph's nodes in this order, a statement each. Throws Status::unsupported for an input without a batch dimension.
Program statements(const Graph& graph, const Registry& registry, const std::vector<NodeId>& order);

/// The order in which a person would write the nodes: inputs, then for each output what it needs, one branch after the other.
std::vector<NodeId> branch_by_branch(const Graph& graph, const std::vector<NodeId>& order);

}  // namespace keraft::emit
