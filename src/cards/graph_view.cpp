#include "cards/graph_view.h"

#include <algorithm>

#include "ir/constant.h"

namespace keraft::cards {

const Node* GraphView::is(Edge edge, std::string_view op) const {
  const Node& node = graph_.at(edge.node);
  if (edge.port != 0 || node.dead || node.layer >= 0 || !node.op.starts_with("tf/")) return nullptr;
  const std::string_view name = std::string_view(node.op).substr(3);
  const bool same = name == op || (op == "Add" && name == "AddV2") || (op == "RealDiv" && name == "Div");
  return same ? &node : nullptr;
}

std::optional<double> GraphView::number(Edge edge) const {
  const Tensor* tensor = ir::constant(graph_, edge);
  if (!tensor || tensor->elements() != 1 || !is_floating(tensor->dtype)) return std::nullopt;
  return ir::scalar(graph_, edge)->number();
}

std::optional<std::pair<double, Edge>> GraphView::with_number(const Node& node) const {
  if (node.inputs.size() != 2) return std::nullopt;
  for (const size_t i : {size_t{1}, size_t{0}}) {
    if (const auto value = number(node.inputs[i])) return std::pair(*value, node.inputs[1 - i]);
  }
  return std::nullopt;
}

void GraphView::take(Edge edge) {
  if (std::find(taken_.begin(), taken_.end(), edge.node) == taken_.end()) taken_.push_back(edge.node);
}

void GraphView::take_all(const GraphView& other) {
  for (const NodeId id : other.taken_) take({id, 0});
}

WeightUse weight_use(const Graph& graph, Edge weight, Edge reader, const Tensor& value) {
  const Node& node = graph.at(weight.node);
  const auto& inputs = graph.at(reader.node).inputs;
  const auto input = std::find(inputs.begin(), inputs.end(), weight) - inputs.begin();
  const Weight& seen = graph.weights.at(static_cast<size_t>(node.weight));
  return {graph.root(node.weight), value, seen.value.dims, graph.type(weight).dtype, reader.node, static_cast<int32_t>(input)};
}

}  // namespace keraft::cards
