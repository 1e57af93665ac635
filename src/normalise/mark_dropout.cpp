#include <cmath>

#include "ir/constant.h"
#include "ir/number.h"
#include "normalise/normalise.h"
#include "normalise/rewire.h"

namespace keraft::normalise {
namespace {

bool is(const Node& node, std::initializer_list<std::string_view> ops) {
  for (const std::string_view op : ops) {
    if (node.op == op) return true;
  }
  return false;
}

/// The number that a scalar is at inference: a constant, or the default of a placeholder.
std::optional<double> number(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  if (is(node, {"tf/Identity", "tf/PlaceholderWithDefault"}) && !node.inputs.empty()) return number(graph, node.inputs[0]);
  if (is(node, {"tf/Sub"}) && node.inputs.size() == 2) {
    const auto a = number(graph, node.inputs[0]), b = number(graph, node.inputs[1]);
    return a && b ? std::optional(*a - *b) : std::nullopt;
  }
  const auto value = ir::scalar(graph, edge);
  return value ? value->number() : std::nullopt;
}

/// Is `edge` random, through arithmetic that only spreads it over an interval?
bool random(const Graph& graph, Edge edge, int depth = 0) {
  const Node& node = graph.at(edge.node);
  if (node.op.find("RandomUniform") != std::string::npos) return true;
  if (depth > 8 || !is(node, {"tf/Add", "tf/AddV2", "tf/Mul", "tf/Sub", "tf/Identity", "tf/Cast"})) return false;
  for (const Edge& input : node.inputs) {
    if (random(graph, input, depth + 1)) return true;
  }
  return false;
}

struct Mask {
  std::optional<double> rate;
};

/// random >= rate, as a bool or cast to a number; or floor(keep_prob + random).
std::optional<Mask> mask(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  if (is(node, {"tf/Cast", "tf/Identity"})) return mask(graph, node.inputs.at(0));
  if (is(node, {"tf/GreaterEqual"}) && random(graph, node.inputs.at(0))) return Mask{number(graph, node.inputs.at(1))};
  if (!is(node, {"tf/Floor"})) return std::nullopt;
  const Node& sum = graph.at(node.inputs.at(0).node);
  if (!is(sum, {"tf/Add", "tf/AddV2"}) || sum.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    if (!random(graph, sum.inputs[1 - i]) || random(graph, sum.inputs[i])) continue;
    const auto keep = number(graph, sum.inputs[i]);
    return Mask{keep ? std::optional(1 - *keep) : std::nullopt};
  }
  return std::nullopt;
}

/// x of x / keep_prob, x · 1 / (1 − rate).
std::optional<Edge> unscaled(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  if (is(node, {"tf/RealDiv", "tf/Div"}) && node.inputs.size() == 2) return node.inputs[0];
  if (!is(node, {"tf/Mul"}) || node.inputs.size() != 2) return std::nullopt;
  const auto small = [&](Edge e) {
    const Shape shape = graph.type(e).shape;
    return ir::scalar(graph, e).has_value() || is(graph.at(e.node), {"tf/RealDiv", "tf/Reciprocal"}) ||
           (shape.has_rank() && shape.rank() == 0);
  };
  if (small(node.inputs[1])) return node.inputs[0];
  if (small(node.inputs[0])) return node.inputs[1];
  return std::nullopt;
}

struct Found {
  Edge x;
  Mask mask;
};

std::optional<Found> dropout(const Graph& graph, const Node& node) {
  if (is(node, {"tf/Mul"}) && node.inputs.size() == 2) {
    for (size_t i = 0; i < 2; ++i) {
      const auto m = mask(graph, node.inputs[i]);
      const auto x = m ? unscaled(graph, node.inputs[1 - i]) : std::nullopt;
      if (x) return Found{*x, *m};
    }
  }
  if (is(node, {"tf/SelectV2", "tf/Select"}) && node.inputs.size() == 3) {
    const auto m = mask(graph, node.inputs[0]);
    const auto x = m ? unscaled(graph, node.inputs[1]) : std::nullopt;
    if (x) return Found{*x, *m};
  }
  return std::nullopt;
}

}  // namespace

void mark_dropout(PassContext& context) {
  Graph& graph = context.graph;
  Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead) continue;
    const auto found = dropout(graph, graph.nodes[i]);
    if (!found) continue;
    const std::string name = graph.nodes[i].name;
    const Edge old{static_cast<NodeId>(i), 0};
    const double rate = ir::shortest(std::round(found->mask.rate.value_or(0) * 1e7) / 1e7);
    if (context.infer || !found->mask.rate || rate <= 0 || rate >= 1) {
      if (!found->mask.rate) context.lossy.emplace_back(name, "dropout whose rate is fed from outside was left out");
      rewire.set(old, found->x);
      continue;
    }
    Node mark;
    mark.name = name;
    mark.op = "ir/Dropout";
    mark.inputs = {found->x};
    mark.attrs = {{"rate", rate}};
    mark.outputs = {graph.type(old)};
    rewire.set(old, {graph.add(std::move(mark)), 0});
  }
  rewire.apply();
}

}  // namespace keraft::normalise
