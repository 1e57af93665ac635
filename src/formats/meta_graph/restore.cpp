#include "formats/meta_graph/restore.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/string.h"
#include "formats/graphdef/build.h"
#include "formats/graphdef/machinery.h"

namespace keraft::formats {
namespace {

constexpr int most_steps = 64;

bool passes(const Node& node) noexcept {
  return (node.op == "tf/Identity" || node.op == "tf/Cast" || node.op == "tf/Reshape") && !node.inputs.empty();
}

/// The node behind identities.
Edge origin(const Graph& graph, Edge edge) {
  for (int i = 0; i < most_steps && passes(graph.at(edge.node)); ++i) edge = graph.at(edge.node).inputs[0];
  return edge;
}

/// Element `index` of a constant vector of strings.
std::optional<std::string> string_at(const Graph& graph, Edge edge, size_t index) {
  const Node& node = graph.at(origin(graph, edge).node);
  const auto value = node.attrs.find("value");
  const auto* tensor = value == node.attrs.end() ? nullptr : value->second.get<Tensor>();
  if (!tensor || !tensor->strings || index >= tensor->strings->size()) return std::nullopt;
  return (*tensor->strings)[index];
}

bool assigns(const Node& node) noexcept {
  return (node.op == "tf/Assign" || node.op == "tf/AssignVariableOp") && node.inputs.size() >= 2;
}

/// What Assign writes, when it comes from a checkpoint.
std::optional<Restored> source_of(const Graph& graph, const Node& assign) {
  const Edge value = origin(graph, assign.inputs[1]);
  const Node& restore = graph.at(value.node);
  if (restore.op != "tf/RestoreV2" || restore.inputs.size() < 3) return std::nullopt;
  const auto key = string_at(graph, restore.inputs[1], static_cast<size_t>(value.port));
  if (!key) return std::nullopt;
  const auto slice = string_at(graph, restore.inputs[2], static_cast<size_t>(value.port));
  return Restored{*key, slice.value_or(""), {}};
}

std::vector<NodeId> reached(const Graph& graph, NodeId from) {
  std::vector<bool> seen(graph.nodes.size(), false);
  std::vector<NodeId> out{from};
  seen[static_cast<size_t>(from)] = true;
  const auto visit = [&](NodeId id) {
    if (seen[static_cast<size_t>(id)]) return;
    seen[static_cast<size_t>(id)] = true;
    out.push_back(id);
  };
  for (size_t i = 0; i < out.size(); ++i) {
    for (const Edge& edge : graph.at(out[i]).inputs) visit(edge.node);
    for (const NodeId control : graph.at(out[i]).control) visit(control);
  }
  return out;
}

}  // namespace

std::map<std::string, Restored> restored_variables(const Graph& graph, const std::string& op, FunctionLibrary& functions) {
  std::map<std::string, Restored> out;
  const auto name = parse_tensor_name(op);
  const NodeId start = name ? graph.find(name->node) : no_node;
  if (start == no_node) return out;
  const auto add = [&](const Node& variable, std::optional<Restored> found) {
    if (!found || !is_variable(variable)) return;
    found->evidence = "saver restores key " + base::escaped(found->key) + " into " + base::escaped(variable.name);
    out.insert_or_assign(variable.name, std::move(*found));
  };
  for (const NodeId id : reached(graph, start)) {
    const Node& node = graph.at(id);
    if (assigns(node)) add(graph.at(origin(graph, node.inputs[0]).node), source_of(graph, node));
    const auto f = node.attrs.find("f");
    const auto* ref = f == node.attrs.end() ? nullptr : f->second.get<FunctionRef>();
    if (!ref || !functions.has(ref->name)) continue;
    const auto body = functions.one(ref->name);
    for (const Node& inner : body->nodes) {
      if (!assigns(inner)) continue;
      const NodeId target = origin(*body, inner.inputs[0]).node;
      const auto argument =
          std::find_if(body->inputs.begin(), body->inputs.end(), [&](const Port& port) { return port.edge.node == target; });
      const auto index = static_cast<size_t>(argument - body->inputs.begin());
      if (argument == body->inputs.end() || index >= node.inputs.size()) continue;
      add(graph.at(origin(graph, node.inputs[index]).node), source_of(*body, inner));
    }
  }
  return out;
}

}  // namespace keraft::formats
