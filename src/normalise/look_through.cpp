#include "cards/infer.h"
#include "cards/op_card.h"
#include "normalise/normalise.h"
#include "normalise/rewire.h"

namespace keraft::normalise {
namespace {

/// A reshape, cast or the like whose result is what goes in.
bool changes_nothing(const Graph& graph, const Node& node) {
  if (node.op != "tf/Reshape" && node.op != "tf/Cast" && node.op != "tf/Squeeze") return false;
  if (node.inputs.empty() || node.outputs.empty()) return false;
  const TensorType before = graph.type(node.inputs[0]), after = node.outputs[0];
  return after.shape.has_rank() && before == after;
}

void pass_on(PassContext& context) {
  Graph& graph = context.graph;
  Rewire rewire(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.dead || node.inputs.empty()) continue;
    const OpCard* card = context.registry.op(node.op);
    const bool keeps_mark = node.op == "ir/Dropout";
    if (!keeps_mark && card && card->passes && node.op != "tf/PlaceholderWithDefault") {
      rewire.set({static_cast<NodeId>(i), 0}, node.inputs[0]);
    } else if (changes_nothing(graph, node)) {
      rewire.set({static_cast<NodeId>(i), 0}, node.inputs[0]);
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
