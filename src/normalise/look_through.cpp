#include <algorithm>
#include <map>

#include "cards/infer.h"
#include "cards/op_card.h"
#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"
#include "normalise/window_ops.h"

namespace keraft::normalise {
namespace {

/// Ops that move elements and leave a tensor as it is when they leave its sizes as they are; which input is the tensor.
const std::map<std::string_view, size_t> movers{{"tf/Reshape", 0}, {"tf/Cast", 0},  {"tf/Squeeze", 0},     {"tf/Pad", 0},
                                                {"tf/PadV2", 0},   {"tf/Slice", 0}, {"tf/BroadcastTo", 0}, {"tf/Tile", 0},
                                                {"tf/Split", 1},   {"tf/SplitV", 0}};

bool is_number(const Graph& graph, Edge edge, double number) {
  const Tensor* tensor = ir::constant(graph, edge);
  return tensor && tensor->elements() == 1 && ir::filled_with(graph, edge, [&](double value) { return value == number; });
}

/// Windows along one axis are windows over images of one row or column, each with its own way there and back. What goes there
/// behind the way back, the next window's or another layer's, cancels it and hides both layers.
bool leaves_window(const Graph& graph, const Node& node) {
  if (node.op != "tf/ExpandDims") return false;
  const Node& back = graph.at(node.inputs[0].node);
  if (back.op != "tf/Squeeze") return false;
  const Node& op = graph.at(back.inputs[0].node);
  return is_convolution(op) || is_transposed_convolution(op) || op.op == "tf/MaxPool" || op.op == "tf/AvgPool";
}

/// The input that an op passes on unchanged: the whole of a tensor, or a tensor times 1 or plus 0.
std::optional<Edge> unchanged(const Graph& graph, const Node& node) {
  if (node.outputs.empty() || !node.outputs[0].shape.has_rank()) return std::nullopt;
  const auto same = [&](size_t i) { return i < node.inputs.size() && graph.type(node.inputs[i]) == node.outputs[0]; };
  const auto reshapes = [](const Node& op) {
    return (op.op == "tf/Reshape" || op.op == "tf/Squeeze" || op.op == "tf/ExpandDims") && !op.inputs.empty();
  };
  const Node* from = &node;
  for (int steps = 0; steps < 8 && reshapes(*from); ++steps) {
    const Edge before = from->inputs[0];
    if (graph.type(before) == node.outputs[0]) return before;
    from = &graph.at(before.node);
  }
  if (const auto mover = movers.find(node.op); mover != movers.end())
    return same(mover->second) ? std::optional(node.inputs[mover->second]) : std::nullopt;
  if (node.inputs.size() != 2) return std::nullopt;
  if (node.op == "tf/Transpose") {
    const auto order = ir::constant_ints(graph, node.inputs[1]);
    const bool stays = order && std::is_sorted(order->begin(), order->end()) && (order->empty() || order->front() >= 0);
    return stays && same(0) ? std::optional(node.inputs[0]) : std::nullopt;
  }
  const bool sum = node.op == "tf/Add" || node.op == "tf/AddV2", product = node.op == "tf/Mul";
  const bool rest = node.op == "tf/Sub", quotient = node.op == "tf/RealDiv" || node.op == "tf/Div";
  if (!sum && !product && !rest && !quotient) return std::nullopt;
  const double number = product || quotient ? 1 : 0;
  if (same(0) && is_number(graph, node.inputs[1], number)) return node.inputs[0];
  if ((sum || product) && same(1) && is_number(graph, node.inputs[0], number)) return node.inputs[1];
  return std::nullopt;
}

void pass_on(PassContext& context) {
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.dead || node.inputs.empty() || leaves_window(graph, node)) continue;
    const OpCard* card = context.registry.op(node.op);
    const bool keeps_mark = node.op.starts_with("ir/");
    if (!keeps_mark && card && card->passes && node.op != "tf/PlaceholderWithDefault") {
      rewire.set({static_cast<NodeId>(i), 0}, node.inputs[0]);
    } else if (const auto same = unchanged(graph, node)) {
      rewire.set({static_cast<NodeId>(i), 0}, *same);
    }
  }
  rewire.apply();
}

}  // namespace

void look_through(PassContext& context) {
  pass_on(context);
  infer_types(context.graph, context.registry, context.control);
}

void look_through_again(PassContext& context) {
  infer_types(context.graph, context.registry, context.control);
  pass_on(context);
}

}  // namespace keraft::normalise
