// Static inference of types, symbolic shapes and the values of small integer tensors over a graph.
#pragma once

#include <optional>
#include <vector>

#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft {

struct Inference {
  /// By node and port: the value of an integer tensor of rank 0 to 2 as sizes, in row-major order, where known. Shorter than
  /// the outputs where nothing is.
  std::vector<std::vector<std::optional<Dims>>> ints;
};

/// Fills Node::outputs. Ops without a card get outputs of unknown type. Throws Status::mismatch, naming the node, where inputs
/// or attributes contradict an op's card.
Inference infer_types(Graph& graph, const Registry& registry, const Control& control);

}  // namespace keraft
