// A raw node in calls of keras.ops, by its card.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cards/infer.h"
#include "cards/op_card.h"
#include "keraft/registry.hpp"

namespace keraft::cards {

enum class Weights {
  written,  ///< constants stand in the calls as values; a variable cannot be said
  kept,     ///< tensors that are weights are arguments
};

/// Which sizes the graph computes, and the tensors that have them.
struct Sizes {
  const Inference* known = nullptr;
  std::vector<Edge> tensors;
};

struct Expressed {
  std::vector<NodeId> nodes;  ///< "keras.ops/…" nodes, new in the graph, in the order of computation
  std::vector<Edge> results;  ///< for each output of the raw node
};

/// Adds the calls to the graph. Nothing, with the reason in `why`, when no code of the card fits.
/// A call's node has its tensors as inputs, in the order of the function's parameters, and settings and constants by name in
/// `attrs`; in a list, null stands for the next tensor. In generated code a size that is open is the one of a tensor.
std::optional<Expressed> express(Graph& graph, NodeId id, const Registry& registry, Weights weights, std::string& why,
                                 const Sizes& sizes = {});

/// The text of a code with attributes and inputs alone, for a test of the grammar; throws as parse_code.
void check_codes(const OpCard& card);

}  // namespace keraft::cards
