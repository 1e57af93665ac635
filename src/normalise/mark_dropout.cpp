#include <cmath>

#include "ir/constant.h"
#include "ir/number.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"

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

double rounded(double rate) { return ir::shortest(std::round(rate * 1e7) / 1e7); }

bool is_share(const Mask& mask) { return mask.rate && rounded(*mask.rate) > 0 && rounded(*mask.rate) < 1; }

Node marked(const std::string& name, Edge x, double rate, TensorType type) {
  Node mark;
  mark.name = name;
  mark.op = "ir/Dropout";
  mark.inputs = {x};
  mark.attrs = {{"rate", rounded(rate)}};
  mark.outputs = {std::move(type)};
  return mark;
}

Edge behind(const Graph& graph, Edge edge) {
  while (is(graph.at(edge.node), {"tf/Identity"})) edge = graph.at(edge.node).inputs.at(0);
  return edge;
}

std::optional<bool> fixed(const Graph& graph, Edge edge) {
  const Tensor* tensor = ir::constant(graph, behind(graph, edge));
  if (!tensor || tensor->elements() != 1 || tensor->dtype != DType::boolean) return std::nullopt;
  return to_ints(*tensor).front() != 0;
}

/// A Merge of x as it is, which is what inference takes, and of x with dropout.
std::optional<Found> switched_dropout(const Graph& graph, const Node& merge) {
  if (merge.op != "tf/Merge" || merge.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    const auto found = dropout(graph, graph.at(behind(graph, merge.inputs[i]).node));
    if (!found || !is_share(found->mask)) continue;
    const Edge dropped = behind(graph, found->x), kept = behind(graph, merge.inputs[1 - i]);
    const Node &one = graph.at(dropped.node), &other = graph.at(kept.node);
    if (one.op != "tf/Switch" || other.op != "tf/Switch" || one.inputs.size() != 2 || other.inputs.size() != 2) continue;
    const auto taken = fixed(graph, one.inputs[1]), also = fixed(graph, other.inputs[1]);
    const bool same = behind(graph, one.inputs[0]) == behind(graph, other.inputs[0]);
    if (same && taken && taken == also && kept.port == (*taken ? 1 : 0) && dropped.port == (*taken ? 0 : 1))
      return Found{one.inputs[0], found->mask};
  }
  return std::nullopt;
}

const Graph* branch(const Graph& graph, const Node& node, const char* name) {
  const auto attr = node.attrs.find(name);
  const auto* ref = attr == node.attrs.end() ? nullptr : attr->second.get<FunctionRef>();
  const auto body = ref ? graph.functions.find(ref->name) : graph.functions.end();
  return body == graph.functions.end() ? nullptr : body->second.get();
}

/// The same of output `port` of an If.
std::optional<Found> conditional_dropout(const Graph& graph, const Node& node, size_t port) {
  const auto taken = fixed(graph, node.inputs.at(0));
  if (!taken) return std::nullopt;
  const Graph* used = branch(graph, node, *taken ? "then_branch" : "else_branch");
  const Graph* other = branch(graph, node, *taken ? "else_branch" : "then_branch");
  if (!used || !other || port >= used->outputs.size() || port >= other->outputs.size()) return std::nullopt;
  const auto found = dropout(*other, other->at(behind(*other, other->outputs[port].edge).node));
  if (!found || !is_share(found->mask)) return std::nullopt;
  const auto argument = [](const Graph& body, Edge edge) {
    const Edge from = behind(body, edge);
    size_t i = 0;
    while (i < body.inputs.size() && !(body.inputs[i].edge == from)) ++i;
    return i;
  };
  const size_t index = argument(*used, used->outputs[port].edge);
  if (index >= used->inputs.size() || index != argument(*other, found->x) || index + 1 >= node.inputs.size())
    return std::nullopt;
  return Found{node.inputs[index + 1], found->mask};
}

}  // namespace

void mark_dropout(PassContext& context) {
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead) continue;
    const auto found = dropout(graph, graph.nodes[i]);
    if (!found) continue;
    const std::string name = graph.nodes[i].name;
    const Edge old{static_cast<NodeId>(i), 0};
    if (context.infer || !is_share(found->mask)) {
      if (!found->mask.rate) context.lossy.emplace_back(name, "dropout whose rate is fed from outside was left out");
      rewire.set(old, found->x);
      continue;
    }
    rewire.set(old, {graph.add(marked(name, found->x, *found->mask.rate, graph.type(old))), 0});
  }
  rewire.apply();
}

void keep_dropout(PassContext& context) {
  if (context.infer) return;
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead) continue;
    const bool conditional = is(graph.nodes[i], {"tf/If", "tf/StatelessIf"}) && !graph.nodes[i].inputs.empty();
    const Graph* body = conditional ? branch(graph, graph.nodes[i], "then_branch") : nullptr;
    const size_t ports = conditional ? (body ? body->outputs.size() : 0) : 1;
    for (size_t port = 0; port < ports; ++port) {
      const auto found =
          conditional ? conditional_dropout(graph, graph.nodes[i], port) : switched_dropout(graph, graph.nodes[i]);
      if (!found) continue;
      const Edge old{static_cast<NodeId>(i), static_cast<int32_t>(port)};
      const std::string name = graph.nodes[i].name + (port ? "_" + std::to_string(port) : "");
      rewire.set(old, {graph.add(marked(name, found->x, *found->mask.rate, graph.type(old))), 0});
    }
  }
  rewire.apply();
}

}  // namespace keraft::normalise
