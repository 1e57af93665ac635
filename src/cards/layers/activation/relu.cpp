#include <tuple>

#include "cards/axes.h"
#include "cards/graph_view.h"

namespace keraft {
namespace {

using cards::GraphView;

struct Parts {
  Edge x;
  double slope = 0, threshold = 0;
  std::optional<double> most;
};

/// relu(threshold − x), which is subtracted with the slope.
bool negative_part(GraphView& v, Edge edge, Parts& parts) {
  const Node* relu = v.is(edge, "Relu");
  if (!relu) return false;
  v.take(edge);
  Edge inner = relu->inputs[0];
  v.take(inner);
  if (const Node* sub = v.is(inner, "Sub"); sub && v.number(sub->inputs[0])) {
    parts.threshold = *v.number(sub->inputs[0]);
    parts.x = sub->inputs[1];
    return true;
  }
  if (const Node* add = v.is(inner, "Add")) {
    const auto sum = v.with_number(*add);
    if (!sum) return false;
    parts.threshold = sum->first;
    inner = sum->second;
    v.take(inner);
  }
  const Node* neg = v.is(inner, "Neg");
  if (neg) parts.x = neg->inputs[0];
  return neg != nullptr;
}

/// x where x > threshold, else 0.
std::optional<std::pair<Edge, double>> thresholded(GraphView& v, Edge edge) {
  Edge choice, x;
  if (const Node* select = v.is(edge, "SelectV2"); select && v.number(select->inputs[2]) == 0.0) {
    choice = select->inputs[0];
    x = select->inputs[1];
  } else if (const Node* mul = v.is(edge, "Mul")) {
    const size_t at = v.is(mul->inputs[0], "Cast") ? 0 : 1;
    const Node* cast = v.is(mul->inputs[at], "Cast");
    if (!cast) return std::nullopt;
    choice = cast->inputs[0];
    x = mul->inputs[1 - at];
    v.take(edge);
    v.take(mul->inputs[at]);
  }
  const Node* greater = choice.node == no_node ? nullptr : v.is(choice, "Greater");
  const auto bound = greater && greater->inputs[0] == x ? v.number(greater->inputs[1]) : std::nullopt;
  if (!bound) return std::nullopt;
  v.take(edge);
  v.take(choice);
  return std::pair(x, *bound);
}

std::optional<Match> find_relu(const Graph& graph, NodeId root) {
  GraphView v(graph);
  Parts parts, negative;
  Edge edge{root, 0};
  v.take(edge);
  if (const Node* sub = v.is(edge, "Sub")) {
    const Node* mul = v.is(sub->inputs[1], "Mul");
    const auto scaled = mul ? v.with_number(*mul) : std::nullopt;
    if (!scaled || scaled->first < 0) return std::nullopt;
    v.take(sub->inputs[1]);
    if (!negative_part(v, scaled->second, negative)) return std::nullopt;
    parts.slope = scaled->first;
    edge = sub->inputs[0];
  }
  bool relu = false;
  if (const Node* relu6 = v.is(edge, "Relu6")) {
    v.take(edge);
    parts.most = 6;
    relu = true;
    edge = relu6->inputs[0];
  } else if (const Node* least = v.is(edge, "Minimum")) {
    const auto bounded = v.with_number(*least);
    if (!bounded || !v.is(bounded->second, "Relu")) return std::nullopt;
    v.take(edge);
    parts.most = bounded->first;
    edge = bounded->second;
  }
  if (const Node* inner = relu ? nullptr : v.is(edge, "Relu")) {
    v.take(edge);
    relu = true;
    edge = inner->inputs[0];
  }
  parts.x = edge;
  if (const auto over = thresholded(v, edge)) {
    std::tie(parts.x, parts.threshold) = *over;
  } else if (!relu) {
    return std::nullopt;
  }
  const bool same = parts.slope == 0 || (negative.x == parts.x && negative.threshold == parts.threshold);
  if (!same || parts.threshold < 0 || parts.most.value_or(0) < 0) return std::nullopt;
  Match m{};
  if (parts.most) m.config["max_value"] = *parts.most;
  m.config["negative_slope"] = parts.slope;
  m.config["threshold"] = parts.threshold;
  m.inputs = {parts.x};
  m.nodes = v.taken();
  return m;
}

Edge lower_relu(LowerContext& c) {
  const Edge x = c.inputs().front();
  const auto number = [&](double value) { return cards::real_constant(c, value, x); };
  const double slope = c.config("negative_slope").number().value_or(0), threshold = c.config("threshold").number().value_or(0);
  const auto most = c.config("max_value").number();
  if (slope != 0 && threshold == 0 && !most) return c.op("LeakyRelu", {x}, {{"alpha", slope}});
  Edge y;
  if (threshold == 0)
    y = c.op(most == 6.0 ? "Relu6" : "Relu", {x});
  else
    y = c.op("SelectV2", {c.op("Greater", {x, number(threshold)}), x, number(0)});
  if (most && !(threshold == 0 && most == 6.0)) {
    if (threshold != 0) y = c.op("Relu", {y});
    y = c.op("Minimum", {y, number(*most)});
  }
  if (slope == 0) return y;
  Edge under = c.op("Neg", {x});
  if (threshold != 0) under = c.op("AddV2", {under, number(threshold)});
  return c.op("Sub", {y, c.op("Mul", {c.op("Relu", {under}), number(slope)})});
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(relu) {
  using namespace keraft;
  card.keras("ReLU").about("y = min(x, max_value) where x > threshold, else negative_slope · (x − threshold)");
  card.config("max_value", Value()).config("negative_slope", 0.0).config("threshold", 0.0);
  card.folds_as("activation", "relu6", {{"max_value", 6.0}});
  card.recover_with({"Relu6", "Minimum", "Mul", "SelectV2", "Sub"}, 2, find_relu);
  card.lower_with(lower_relu).fidelity(Fidelity::rounding);
  card.sample({{"max_value", 6.0}}, {{2, 5, 3}}).sample({}, {{3, 4}}).sample({{"threshold", 0.25}}, {{2, 5}});
  card.sample({{"max_value", 1.5}, {"negative_slope", 0.125}, {"threshold", 0.5}}, {{2, 3, 4}});
}
