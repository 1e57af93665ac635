#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/noise.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

Node marked(const std::string& name, const Noise& noise, TensorType type) {
  Node mark;
  mark.name = name;
  mark.op = noise.op;
  mark.inputs = {noise.x};
  mark.attrs = noise.attrs;
  mark.outputs = {std::move(type)};
  return mark;
}

Edge behind(const Graph& graph, Edge edge) {
  while (graph.at(edge.node).is({"tf/Identity"})) edge = graph.at(edge.node).inputs.at(0);
  return edge;
}

std::optional<bool> fixed(const Graph& graph, Edge edge) {
  const Tensor* tensor = ir::constant(graph, behind(graph, edge));
  if (!tensor || tensor->elements() != 1 || tensor->dtype != DType::boolean) return std::nullopt;
  return to_ints(*tensor).front() != 0;
}

/// A Merge of x as it is, which is what inference takes, and of x with noise.
std::optional<Noise> switched_noise(const Graph& graph, const Node& merge) {
  if (merge.op != "tf/Merge" || merge.inputs.size() != 2) return std::nullopt;
  for (size_t i = 0; i < 2; ++i) {
    auto found = noise(graph, graph.at(behind(graph, merge.inputs[i]).node));
    if (!found || !found->known) continue;
    const Edge dropped = behind(graph, found->x), kept = behind(graph, merge.inputs[1 - i]);
    const Node &one = graph.at(dropped.node), &other = graph.at(kept.node);
    if (one.op != "tf/Switch" || other.op != "tf/Switch" || one.inputs.size() != 2 || other.inputs.size() != 2) continue;
    const auto taken = fixed(graph, one.inputs[1]), also = fixed(graph, other.inputs[1]);
    const bool same = behind(graph, one.inputs[0]) == behind(graph, other.inputs[0]);
    if (same && taken && taken == also && kept.port == (*taken ? 1 : 0) && dropped.port == (*taken ? 0 : 1))
      return found->on(one.inputs[0]);
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
std::optional<Noise> conditional_noise(const Graph& graph, const Node& node, size_t port) {
  const auto taken = fixed(graph, node.inputs.at(0));
  if (!taken) return std::nullopt;
  const Graph* used = branch(graph, node, *taken ? "then_branch" : "else_branch");
  const Graph* other = branch(graph, node, *taken ? "else_branch" : "then_branch");
  if (!used || !other || port >= used->outputs.size() || port >= other->outputs.size()) return std::nullopt;
  auto found = noise(*other, other->at(behind(*other, other->outputs[port].edge).node));
  if (!found || !found->known) return std::nullopt;
  const auto argument = [](const Graph& body, Edge edge) {
    const Edge from = behind(body, edge);
    size_t i = 0;
    while (i < body.inputs.size() && !(body.inputs[i].edge == from)) ++i;
    return i;
  };
  const size_t index = argument(*used, used->outputs[port].edge);
  if (index >= used->inputs.size() || index != argument(*other, found->x) || index + 1 >= node.inputs.size())
    return std::nullopt;
  return found->on(node.inputs[index + 1]);
}

}  // namespace

void mark_dropout(PassContext& context) {
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead) continue;
    const auto found = noise(graph, graph.nodes[i]);
    if (!found) continue;
    const std::string name = graph.nodes[i].name;
    const Edge old{static_cast<NodeId>(i), 0};
    if (context.infer || !found->known) {
      if (found->fed) context.lossy.emplace_back(name, "dropout whose rate is fed from outside was left out");
      rewire.set(old, found->x);
      continue;
    }
    rewire.set(old, {graph.add(marked(name, *found, graph.type(old))), 0});
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
    const bool conditional = graph.nodes[i].is({"tf/If", "tf/StatelessIf"}) && !graph.nodes[i].inputs.empty();
    const Graph* body = conditional ? branch(graph, graph.nodes[i], "then_branch") : nullptr;
    const size_t ports = conditional ? (body ? body->outputs.size() : 0) : 1;
    for (size_t port = 0; port < ports; ++port) {
      const auto found = conditional ? conditional_noise(graph, graph.nodes[i], port) : switched_noise(graph, graph.nodes[i]);
      if (!found) continue;
      const Edge old{static_cast<NodeId>(i), static_cast<int32_t>(port)};
      const std::string name = graph.nodes[i].name + (port ? "_" + std::to_string(port) : "");
      rewire.set(old, {graph.add(marked(name, *found, graph.type(old))), 0});
    }
  }
  rewire.apply();
}

}  // namespace keraft::normalise
