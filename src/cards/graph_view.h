// Reading a graph from a result towards its inputs, for finders.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cards/layer_card.h"

namespace keraft::cards {

/// Walks over raw nodes and notes those that belong to the match.
class GraphView {
 public:
  explicit GraphView(const Graph& graph) : graph_(graph) {}

  const Graph& graph() const noexcept { return graph_; }
  /// The node behind the edge when it is output 0 of this op ("Add" is AddV2 too), else null.
  const Node* is(Edge edge, std::string_view op) const;
  /// A floating constant with one element that adds no axis to a tensor of rank `rank`.
  std::optional<double> number(Edge edge) const;
  /// Input 0 or 1 that is a number, and the other.
  std::optional<std::pair<double, Edge>> with_number(const Node& node) const;
  bool weight(Edge edge) const { return graph_.at(edge.node).op == "ir/Weight"; }
  Shape shape(Edge edge) const { return graph_.type(edge).shape; }
  void take(Edge edge);
  void take_all(const GraphView& other);
  /// The root first.
  const std::vector<NodeId>& taken() const noexcept { return taken_; }

 private:
  const Graph& graph_;
  std::vector<NodeId> taken_;
};

/// A weight as a finder hands it to the engine, with the sizes that the slot wants.
WeightUse weight_use(const Graph& graph, Edge weight, Edge reader, const Tensor& value);

}  // namespace keraft::cards
