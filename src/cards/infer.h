// Static inference of types, symbolic shapes and the values of small integer tensors over a graph.
#pragma once

#include <optional>
#include <vector>

#include "cards/op_card.h"
#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft {

struct Inference {
  /// By node and port: the value of an integer tensor of rank 0 to 2 as sizes, in row-major order, where known. Shorter than
  /// the outputs where nothing is.
  std::vector<std::vector<std::optional<Dims>>> ints;
};

/// A constant integer tensor of rank 0 to 2 with at most 64 elements, in row-major order.
std::optional<Dims> constant_sizes(const Graph& graph, Edge edge);

/// Fills Node::outputs. Ops without a card get outputs of unknown type. Throws Status::mismatch, naming the node, where inputs
/// or attributes contradict an op's card.
Inference infer_types(Graph& graph, const Registry& registry, const Control& control);

/// What a card sees of a node: types of its inputs, values of constants, and sizes that inference found. `node` must outlive
/// it.
ShapeContext shapes_of(const Graph& graph, const Node& node, const OpCard& card, const Inference& known = {});

/// Adds a raw op with the types of its results.
NodeId add_op(Graph& graph, const Registry& registry, Node node);

}  // namespace keraft
