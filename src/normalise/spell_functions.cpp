#include <cmath>
#include <string>

#include "cards/infer.h"
#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

class Speller {
 public:
  explicit Speller(Graph& graph) : graph_(graph) {}

  void spell(NodeId id) {
    const Node& node = graph_.at(id);
    if (node.inputs.empty() || node.inputs.size() > 3 || node.outputs.empty()) return;
    if (node.op == "tf/Select" || node.op == "tf/SelectV2") return choose(id);
    if (!is_floating(graph_.type(node.inputs[0]).dtype)) return;
    if (node.op == "tf/Mul" && node.inputs[0] == node.inputs[1]) return become(id, "tf/Square", {node.inputs[0]});
    if (node.op == "tf/Pow") return power(id);
    if (node.op == "tf/Less") return become(id, "tf/Greater", {node.inputs[1], node.inputs[0]});
    if (node.op == "tf/LessEqual") return become(id, "tf/GreaterEqual", {node.inputs[1], node.inputs[0]});
    if ((node.op == "tf/RealDiv" || node.op == "tf/Div") && number(id, 0) == 1.0)
      return become(id, "tf/Reciprocal", {node.inputs[1]});
    if (graph_.at(id).op == "tf/Reciprocal" && op(node.inputs[0]) == "tf/Sqrt")
      return become(id, "tf/Rsqrt", {input(node.inputs[0], 0)});
    if (node.op == "tf/Add" || node.op == "tf/AddV2") return variance(id);
    clip(id);
  }

 private:
  struct Bound {
    Edge x;
    Edge edge;  ///< the constant; no_node for the 0 of Relu
    double value = 0;
  };

  const std::string& op(Edge edge) const { return graph_.at(edge.node).op; }
  Edge input(Edge edge, size_t i) const { return graph_.at(edge.node).inputs.at(i); }

  /// The value of a constant input with one element that adds no axis.
  std::optional<double> number(NodeId id, size_t i) const {
    const Node& node = graph_.at(id);
    const Tensor* tensor = i < node.inputs.size() ? ir::constant(graph_, node.inputs[i]) : nullptr;
    if (!tensor || tensor->elements() != 1 || !is_floating(tensor->dtype)) return std::nullopt;
    const Shape& out = node.outputs.at(0).shape;
    if (!tensor->dims.empty() && (!out.has_rank() || tensor->dims.size() > out.rank())) return std::nullopt;
    return to_doubles(*tensor).front();
  }

  void become(NodeId id, const char* op, std::vector<Edge> inputs) {
    Node& node = graph_.at(id);
    node.op = op;
    node.inputs = std::move(inputs);
    node.attrs.clear();
  }

  Edge made(NodeId near, const char* op, std::vector<Edge> inputs) {
    Node node;
    node.name = graph_.at(near).name + "/" + (op + 3);
    node.op = op;
    node.inputs = std::move(inputs);
    node.outputs = graph_.at(near).outputs;
    return {graph_.add(std::move(node)), 0};
  }

  void power(NodeId id) {
    const auto exponent = number(id, 1);
    const Edge x = graph_.at(id).inputs[0];
    if (!exponent) return;
    if (*exponent == 2) return become(id, "tf/Square", {x});
    if (*exponent == 3) return become(id, "tf/Mul", {made(id, "tf/Square", {x}), x});
    if (*exponent == 0.5) return become(id, "tf/Sqrt", {x});
    if (*exponent == -0.5) return become(id, "tf/Rsqrt", {x});
    if (*exponent == -1) return become(id, "tf/Reciprocal", {x});
  }

  /// Grappler's mean(x²) + (epsilon − mean²) is a variance and an epsilon.
  void variance(NodeId id) {
    for (const size_t i : {size_t{0}, size_t{1}}) {
      const Edge mean = graph_.at(id).inputs[i], rest = graph_.at(id).inputs[1 - i];
      if (op(mean) != "tf/Mean" || op(rest) != "tf/Sub" || !number(rest.node, 0) || op(input(rest, 1)) != "tf/Square") continue;
      const Edge epsilon = input(rest, 0);
      return become(id, "tf/AddV2", {made(id, "tf/Sub", {mean, input(rest, 1)}), epsilon});
    }
  }

  /// Select of equal shapes is SelectV2; zeros of the shape of x are 0 where the other branch has that shape.
  void choose(NodeId id) {
    Node& node = graph_.at(id);
    if (node.inputs.size() != 3 || !is_floating(graph_.type(node.inputs[1]).dtype)) return;
    const Shape& out = node.outputs[0].shape;
    if (!out.has_rank()) return;
    if (node.op == "tf/Select" && graph_.type(node.inputs[0]).shape == out) node.op = "tf/SelectV2";
    if (node.op != "tf/SelectV2") return;
    for (const size_t i : {size_t{1}, size_t{2}}) {
      const bool zeros = op(graph_.at(id).inputs[i]) == "tf/ZerosLike";
      const TensorType other = graph_.type(graph_.at(id).inputs[3 - i]);
      if (!zeros || !(other.shape == graph_.at(id).outputs[0].shape) || other.dtype != DType::f32) continue;
      const float zero = 0;
      const Edge constant =
          ir::add_constant(graph_, graph_.at(id).name + "/zero", make_tensor<float>(DType::f32, {}, std::span(&zero, 1)));
      graph_.at(id).inputs[i] = constant;
    }
  }

  std::optional<Bound> bound(Edge edge, const char* op) const {
    const Node& node = graph_.at(edge.node);
    if (edge.port == 0 && node.op == "tf/Relu" && std::string_view(op) == "tf/Maximum") return Bound{node.inputs[0], {}, 0};
    if (node.op != op || edge.port != 0) return std::nullopt;
    for (const size_t i : {size_t{1}, size_t{0}}) {
      if (const auto value = number(edge.node, i)) return Bound{node.inputs[1 - i], node.inputs[i], *value};
    }
    return std::nullopt;
  }

  /// Between two numbers, however it is said: Minimum(Maximum(x, low), high), Relu for Maximum(x, 0), Relu6.
  void clip(NodeId id) {
    const Node& node = graph_.at(id);
    std::optional<Bound> low, high;
    Edge x;
    if (node.op == "tf/ClipByValue") {
      const auto least = number(id, 1), most = number(id, 2);
      if (!least || !most) return;
      x = node.inputs[0];
      low = Bound{x, node.inputs[1], *least};
      high = Bound{x, node.inputs[2], *most};
    } else if ((low = bound({id, 0}, "tf/Maximum"))) {
      high = bound(low->x, "tf/Minimum");
      // What is between two numbers already, and wider ones, is a function of its own.
      const auto lower = high ? bound(high->x, "tf/Maximum") : std::nullopt;
      if (!high || (lower && lower->value < low->value)) {
        if (low->value == 0 && node.op == "tf/Maximum") become(id, "tf/Relu", {low->x});
        return;
      }
      x = high->x;
    } else if ((high = bound({id, 0}, "tf/Minimum"))) {
      low = bound(high->x, "tf/Maximum");
      if (!low) return;
      x = low->x;
    } else {
      return;
    }
    if (low->value > high->value) return;
    if (low->value == 0 && op(x) == "tf/Relu") x = input(x, 0);
    if (low->value == 0 && high->value == 6) return become(id, "tf/Relu6", {x});
    const Edge least = low->value == 0 ? made(id, "tf/Relu", {x}) : made(id, "tf/Maximum", {x, low->edge});
    become(id, "tf/Minimum", {least, high->edge});
  }

  Graph& graph_;
};

}  // namespace

/// Powers, comparisons, choices and clips of floats in one spelling each.
void spell_functions(PassContext& context) {
  Speller speller(context.graph);
  for (const NodeId id : context.graph.order()) speller.spell(id);
  infer_types(context.graph, context.registry, context.control);
}

}  // namespace keraft::normalise
