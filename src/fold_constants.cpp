#include "fold_constants.h"

#include <algorithm>
#include <map>

#include "base/storage.h"
#include "base/string.h"
#include "cards/op_card.h"
#include "ir/constant.h"
#include "keraft/registry.hpp"
#include "keraft/run.hpp"

namespace keraft {
namespace {

/// Where constants come from.
bool is_source(const Node& node) { return node.op == "ir/Weight" || node.op == "tf/Const"; }

/// The variables that a node depends on; nothing when an op on the way cannot run here.
std::optional<std::set<std::string>> variables_behind(const Graph& graph, const Registry& registry, NodeId from) {
  std::set<std::string> found;
  std::set<NodeId> seen{from};
  std::vector<NodeId> open{from};
  while (!open.empty()) {
    const Node& node = graph.at(open.back());
    open.pop_back();
    if (node.op == "ir/Weight") found.insert(graph.weights.at(static_cast<size_t>(node.weight)).name);
    if (!is_source(node)) {
      const OpCard* card = registry.op(node.op);
      if (!card || !card->kernel_fn || card->effects) return std::nullopt;
    }
    for (const Edge& edge : node.inputs) {
      if (seen.insert(edge.node).second) open.push_back(edge.node);
    }
  }
  return found;
}

Tensor tensor_of(const Array& array) {
  return make_tensor(array.dtype, array.dims, {array.data.get(), array.data.get() + array.bytes()});
}

/// By node and port.
using Results = std::map<std::string, std::map<int32_t, Tensor>>;

/// What those of the nodes `names` give that depend on constants and variables alone.
Results run(Model& model, const Graph& graph, const std::set<std::string>& names, const Control& control) {
  Results out;
  if (names.empty()) return out;
  const std::vector<bool> constant = ir::constant_nodes(graph);
  Model part;
  part.registry = model.registry;
  part.graph = graph;
  part.graph.inputs.clear();
  part.graph.outputs.clear();
  std::map<std::string, std::pair<std::string, int32_t>> wanted;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.dead || !constant[i] || is_source(node) || !names.contains(node.name)) continue;
    const auto variables = variables_behind(graph, model.registry, static_cast<NodeId>(i));
    if (!variables) continue;
    std::string list;
    for (const std::string& name : *variables) list += (list.empty() ? "" : ", ") + base::escaped(name);
    if (!list.empty()) model.lossy.emplace_back(node.name, "computed once from " + list + "; the layer has the result");
    for (int32_t port = 0; port < static_cast<int32_t>(std::max<size_t>(1, node.outputs.size())); ++port) {
      const std::string name = port == 0 ? node.name.str() : node.name + ":" + std::to_string(port);
      part.graph.outputs.push_back({name, {static_cast<NodeId>(i), port}});
      wanted.emplace(name, std::pair(node.name, port));
    }
  }
  if (wanted.empty()) return out;
  part.graph.prune();
  for (const auto& [name, array] : Runner(part, control).run({})) {
    const auto& [node, port] = wanted.at(name);
    out[node].emplace(port, tensor_of(array));
  }
  return out;
}

}  // namespace

Leftovers leftovers(const Graph& graph) {
  Leftovers out;
  const std::vector<bool> constant = ir::constant_nodes(graph);
  const auto readers = graph.readers();
  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    if (node.layer >= 0 || !node.op.starts_with("tf/") || node.op == "tf/Const") continue;
    if (!constant[static_cast<size_t>(id)]) {
      ++out.others;
      continue;
    }
    const auto& mine = readers[static_cast<size_t>(id)];
    if (std::any_of(mine.begin(), mine.end(), [&](NodeId r) { return !constant[static_cast<size_t>(r)]; }))
      out.constant.insert(node.name);
  }
  return out;
}

void fold_constants(Model& model, const std::set<std::string>& names, const Graph& simplified,
                    const std::set<std::string>& relaid, const Control& control) {
  Graph& graph = model.graph;
  Results results = run(model, graph, names, control);
  std::set<std::string> rest;
  for (const std::string& name : names) {
    if (!results.contains(name) && !relaid.contains(name)) rest.insert(name);
  }
  results.merge(run(model, simplified, rest, control));
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const auto found = graph.nodes[i].dead ? results.end() : results.find(graph.nodes[i].name);
    if (found == results.end()) continue;
    for (auto& [port, value] : found->second) {
      Node node;
      node.name = found->first + (port == 0 ? std::string() : ":" + std::to_string(port));
      node.op = "tf/Const";
      node.attrs["dtype"] = value.dtype;
      node.outputs = {{value.dtype, Shape::of(value.dims)}};
      node.attrs["value"] = std::move(value);
      graph.replace({static_cast<NodeId>(i), port}, {graph.add(std::move(node)), 0});
    }
    graph.nodes[i].dead = true;
  }
  graph.prune();
}

}  // namespace keraft
