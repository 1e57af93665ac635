// Layers → raw ops: the cards' forms read the other way.
#pragma once

#include <optional>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::lower {

/// How the lowering tells what layers do in training.
struct Purpose {
  /// Both modes in one graph: marks stay for what training computes otherwise, "ir/ByMode" chooses, "ir/Update" keeps averages.
  /// It cannot be run. Refused too are layers of which it is not known what they do in training.
  bool training = false;
  /// Gets for each node of the result the node that it was made for.
  std::vector<NodeId>* calls = nullptr;
};

/// The same computation without layers. The node that computes a layer call's result has the call's own name; ops on the way to
/// it are named "<call>/<op>". Inputs, outputs and weights keep their names. Throws Status::unsupported with every layer that
/// has no card or no form for its config, Status::format for a config or weights that contradict the card.
Graph lower(const Graph& keras, const Registry& registry, const Purpose& purpose = {});

/// The same for a step of training: layers with dropout draw, and what a layer keeps of the batches that it sees is moved.
/// Behind the outputs there is one for each weight that the step writes, named after the weight. Nothing where that is what the
/// model computes in use. Throws Status::unsupported too with every layer of which it is not known what it does in training.
std::optional<Graph> lower_training(const Graph& keras, const Registry& registry);

}  // namespace keraft::lower
