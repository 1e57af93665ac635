#include "cards/infer.h"
#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// Floating constants with axes serve as weights.
void constants_to_weights(Graph& graph) {
  for (Node& node : graph.nodes) {
    if (node.dead || node.op != "tf/Const") continue;
    const auto value = node.attrs.find("value");
    const Tensor* tensor = value == node.attrs.end() ? nullptr : value->second.get<Tensor>();
    if (!tensor || !is_floating(tensor->dtype) || tensor->dims.empty()) continue;
    Weight weight;
    weight.name = node.name;
    weight.value = *tensor;
    weight.key = node.name;
    weight.evidence.push_back("constant " + node.name);
    node.op = "ir/Weight";
    node.weight = static_cast<int32_t>(graph.weights.size());
    node.outputs = {{tensor->dtype, Shape::of(tensor->dims)}};
    node.attrs.clear();
    graph.weights.push_back(std::move(weight));
  }
}

std::optional<Tensor> view(const Graph& graph, const Node& node, const Tensor& base) {
  if (node.op == "tf/Transpose" && node.inputs.size() == 2) {
    const auto perm = ir::constant_ints(graph, node.inputs[1]);
    if (!perm || perm->size() != base.dims.size()) return std::nullopt;
    return transposed(base, std::vector<size_t>(perm->begin(), perm->end()));
  }
  if (node.op != "tf/Reshape" && node.op != "tf/Squeeze" && node.op != "tf/ExpandDims") return std::nullopt;
  if (node.outputs.empty() || !node.outputs[0].shape.known()) return std::nullopt;
  return reshaped(base, node.outputs[0].shape.values());
}

bool is_precision_cast(const Graph& graph, const Node& node) {
  return node.op == "tf/Cast" && !node.outputs.empty() && is_floating(node.outputs[0].dtype) &&
         is_floating(graph.type(node.inputs[0]).dtype);
}

/// Mixed precision, or weights stored as half.
void computed_as(Graph& graph, Node& node, int32_t base) {
  Weight weight = graph.weights[static_cast<size_t>(base)];
  weight.computed = node.outputs[0].dtype;
  weight.view_of = base;
  node.op = "ir/Weight";
  node.weight = static_cast<int32_t>(graph.weights.size());
  node.inputs.clear();
  node.attrs.clear();
  graph.weights.push_back(std::move(weight));
}

}  // namespace

/// A reshape or transpose of a weight becomes a weight that is a view of the first; nothing is copied.
void view_weights(PassContext& context) {
  Graph& graph = context.graph;
  infer_types(graph, context.registry, context.control);
  constants_to_weights(graph);
  for (const NodeId id : graph.order()) {
    Node& node = graph.at(id);
    if (node.inputs.empty() || graph.at(node.inputs[0].node).op != "ir/Weight") continue;
    const int32_t base = graph.at(node.inputs[0].node).weight;
    if (is_precision_cast(graph, node)) {
      computed_as(graph, node, base);
      continue;
    }
    const DType type = graph.type(node.inputs[0]).dtype;
    auto seen = view(graph, node, graph.weights[static_cast<size_t>(base)].value);
    if (!seen) continue;
    Weight weight = graph.weights[static_cast<size_t>(base)];
    weight.value = std::move(*seen);
    weight.view_of = base;
    node.op = "ir/Weight";
    node.weight = static_cast<int32_t>(graph.weights.size());
    node.inputs.clear();
    node.attrs.clear();
    node.outputs = {{type, Shape::of(weight.value.dims)}};
    graph.weights.push_back(std::move(weight));
  }
}

}  // namespace keraft::normalise
