#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

Tensor boolean(bool value) {
  return make_tensor<uint8_t>(DType::boolean, {}, std::vector<uint8_t>{static_cast<uint8_t>(value)});
}

/// The value of a bool node that inference fixes: a flag without a feed, constants, and their negation.
std::optional<bool> flag(const Graph& graph, Edge edge, int depth = 0) {
  const Node& node = graph.at(edge.node);
  if (depth > 64) return std::nullopt;
  if (node.op == "tf/Placeholder")
    return graph.type(edge).dtype == DType::boolean || node.attrs.contains("dtype") ? std::optional(false) : std::nullopt;
  if (node.op == "tf/PlaceholderWithDefault" || node.op == "tf/Identity")
    return node.inputs.empty() ? std::nullopt : flag(graph, node.inputs[0], depth + 1);
  if (node.op == "tf/LogicalNot") {
    const auto inner = flag(graph, node.inputs.at(0), depth + 1);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  const Tensor* tensor = ir::constant(graph, edge);
  if (!tensor || tensor->dtype != DType::boolean || tensor->elements() != 1) return std::nullopt;
  return to_ints(*tensor).front() != 0;
}

bool is_bool_placeholder(const Node& node) {
  if (node.op != "tf/Placeholder" && node.op != "tf/PlaceholderWithDefault") return false;
  const auto dtype = node.attrs.find("dtype");
  return dtype != node.attrs.end() && dtype->second == Value(DType::boolean);
}

}  // namespace

/// Bool placeholders that are no inputs are training flags (keras_learning_phase, is_training): false, unless a default says
/// otherwise. They and their negations become constants.
void constant_flags(PassContext& context) {
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const NodeId id = static_cast<NodeId>(i);
    if (graph.nodes[i].dead) continue;
    const Node& node = graph.nodes[i];
    const bool not_of_flag = node.op == "tf/LogicalNot";
    if (!is_bool_placeholder(node) && !not_of_flag) continue;
    const auto value = flag(graph, {id, 0});
    if (!value) continue;
    rewire.set({id, 0}, ir::add_constant(graph, graph.nodes[i].name + "/inference", boolean(*value)));
  }
  rewire.apply();
}

}  // namespace keraft::normalise
