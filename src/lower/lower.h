// Layers → raw ops: the cards' forms read the other way.
#pragma once

#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::lower {

/// The same computation without layers. The node that computes a layer call's result has the call's own name; ops on the way to
/// it are named "<call>/<op>". Inputs, outputs and weights keep their names. Throws Status::unsupported with every layer that
/// has no card or no form for its config, Status::format for a config or weights that contradict the card.
struct Purpose {
  /// The graph is to train too: marks stay for what training computes otherwise, "ir/ByMode" chooses, "ir/Update" keeps
  /// averages. It cannot be run. Refused too are layers whose training no op tells.
  bool training = false;
  /// Gets for each node of the result the node that it was made for.
  std::vector<NodeId>* calls = nullptr;
};
Graph lower(const Graph& keras, const Registry& registry, const Purpose& purpose = {});

}  // namespace keraft::lower
