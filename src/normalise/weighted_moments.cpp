#include <set>

#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// Floating nodes whose elements are all 1, or all 0, of the shape that they show.
class Fills {
 public:
  explicit Fills(const Graph& graph) : graph_(graph) {
    for (const NodeId id : graph.order()) {
      const Node& node = graph.at(id);
      if (node.outputs.empty() || node.inputs.empty()) continue;
      if (node.op == "tf/OnesLike" || (node.op == "tf/Fill" && filled(node.inputs[1], 1))) ones_.insert(id);
      if (node.op == "tf/ZerosLike" || (node.op == "tf/Fill" && filled(node.inputs[1], 0))) zeros_.insert(id);
      const bool passes = node.op == "tf/Reshape" || node.op == "tf/Cast" || node.op == "tf/BroadcastTo";
      if (passes && ones_.contains(node.inputs[0].node)) ones_.insert(id);
      if ((node.op == "tf/AddV2" || node.op == "tf/Add") && one(node.inputs[0]) && zeros_.contains(node.inputs[1].node) &&
          graph.type(node.inputs[0]) == graph.type(node.inputs[1]))
        ones_.insert(id);
    }
  }
  bool one(Edge edge) const { return ones_.contains(edge.node) && is_floating(graph_.type(edge).dtype); }

 private:
  bool filled(Edge edge, double value) const {
    return ir::filled_with(graph_, edge, [&](double v) { return v == value; });
  }
  const Graph& graph_;
  std::set<NodeId> ones_, zeros_;
};

}  // namespace

/// Moments with weights that are all 1: their products vanish, and a sum over a sum of ones is a mean.
void weighted_moments(PassContext& context) {
  Graph& graph = context.graph;
  const Fills fills(graph);
  ir::Rewire rewire(graph);
  for (const NodeId id : graph.order()) {
    Node& node = graph.at(id);
    if (node.op == "tf/Mul" && node.inputs.size() == 2) {
      for (const size_t i : {size_t{0}, size_t{1}}) {
        const TensorType other = graph.type(node.inputs[1 - i]);
        if (!fills.one(node.inputs[i]) || !other.shape.has_rank() || !(other == graph.type({id, 0}))) continue;
        rewire.set({id, 0}, node.inputs[1 - i]);
        break;
      }
    } else if (node.op == "tf/DivNoNan" || node.op == "tf/RealDiv") {
      const Node &sum = graph.at(node.inputs.at(0).node), &count = graph.at(node.inputs.at(1).node);
      if (sum.op != "tf/Sum" || count.op != "tf/Sum" || !fills.one(count.inputs.at(0))) continue;
      const auto axes = ir::constant_ints(graph, sum.inputs.at(1));
      const bool same_axes = axes && axes == ir::constant_ints(graph, count.inputs.at(1));
      const Edge summed = rewire.now(sum.inputs[0]);
      const Shape a = graph.type(summed).shape, b = graph.type(count.inputs[0]).shape;
      if (!same_axes || !a.has_rank() || !(a == b) || sum.attrs != count.attrs) continue;
      node.op = "tf/Mean";
      node.attrs = sum.attrs;
      node.inputs = {summed, sum.inputs[1]};
    }
  }
  rewire.apply();
}

}  // namespace keraft::normalise
