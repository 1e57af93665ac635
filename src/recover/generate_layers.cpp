#include <algorithm>
#include <map>
#include <set>

#include "cards/infer.h"
#include "cards/layer_card.h"
#include "ir/operation.h"
#include "ir/rewire.h"
#include "recover/layer_draft.h"
#include "recover/recover.h"

namespace keraft::recover {
namespace {

bool raw(const Node& node) {
  return !node.dead && node.layer < 0 && node.op != "tf/Const" && node.op != "ir/Weight" && node.op != "ir/Input" &&
         !is_operation(node);
}

size_t index(NodeId id) { return static_cast<size_t>(id); }

/// How many times the way from the inputs to a node changes between raw ops and layers, at most; -1 where no way leads there.
/// Raw nodes of one stage can be one layer without a cycle. What is computed from weights alone belongs to its first reader.
std::vector<int> stages(const Graph& graph, const std::vector<NodeId>& order) {
  constexpr int none = -1;
  std::vector<int> out(graph.nodes.size(), none);
  for (const NodeId id : order) {
    const Node& node = graph.at(id);
    int& mine = out[index(id)];
    if (node.op == "ir/Input") mine = 0;
    for (const Edge& edge : node.inputs) {
      const int before = out[index(edge.node)];
      if (before != none) mine = std::max(mine, before + (raw(graph.at(edge.node)) != raw(node) ? 1 : 0));
    }
  }
  const std::vector<int> forward = out;
  for (auto id = order.rbegin(); id != order.rend(); ++id) {
    const int mine = out[index(*id)];
    if (!raw(graph.at(*id)) || mine == none) continue;
    for (const Edge& edge : graph.at(*id).inputs) {
      int& before = out[index(edge.node)];
      if (raw(graph.at(edge.node)) && forward[index(edge.node)] == none)
        before = before == none ? mine : std::min(before, mine);
    }
  }
  return out;
}

/// Raw nodes of one stage joined where one reads the other, as lists in graph order.
std::vector<std::vector<NodeId>> regions(const Graph& graph) {
  std::vector<NodeId> parent(graph.nodes.size());
  for (size_t i = 0; i < parent.size(); ++i) parent[i] = static_cast<NodeId>(i);
  const auto root = [&](NodeId id) {
    while (parent[index(id)] != id) id = parent[index(id)] = parent[index(parent[index(id)])];
    return id;
  };
  const std::vector<NodeId> order = graph.order();
  const std::vector<int> stage = stages(graph, order);
  for (const NodeId id : order) {
    if (!raw(graph.at(id))) continue;
    for (const Edge& edge : graph.at(id).inputs) {
      if (raw(graph.at(edge.node)) && stage[index(edge.node)] == stage[index(id)]) parent[index(root(edge.node))] = root(id);
    }
  }
  std::map<NodeId, std::vector<NodeId>> found;
  std::vector<NodeId> first;
  for (const NodeId id : order) {
    if (!raw(graph.at(id))) continue;
    if (found[root(id)].empty()) first.push_back(root(id));
    found[root(id)].push_back(id);
  }
  std::vector<std::vector<NodeId>> out;
  for (const NodeId id : first) out.push_back(found[id]);
  return out;
}

/// A function layer that alone reads the region's one result becomes a raw node of it again; returns that layer's call.
NodeId absorb_function(Graph& graph, const Registry& registry, std::vector<NodeId>& region, const std::vector<Edge>& results,
                       const std::vector<std::vector<NodeId>>& readers) {
  if (results.size() != 1 || results[0] != Edge{region.back(), 0}) return no_node;
  const Edge result = results[0];
  const auto& next = readers[index(result.node)];
  const bool output = std::any_of(graph.outputs.begin(), graph.outputs.end(), [&](const Port& p) { return p.edge == result; });
  if (next.size() != 1 || output) return no_node;
  const NodeId function = next[0];
  const Node& call = graph.at(function);
  if (call.dead || call.layer < 0 || call.inputs.size() != 1) return no_node;
  const Layer& layer = graph.layers[static_cast<size_t>(call.layer)];
  const LayerCard* card = registry.layer(layer.cls);
  if (!card || card->folds_field.empty()) return no_node;
  const Value& wanted = card->value(layer.config, card->folds_field);
  for (const LayerCard::Rule& rule : card->rules) {
    const auto entry = rule.config.find(card->folds_field);
    if (!rule.writes || entry == rule.config.end() || !(entry->second == wanted) || rule.form.statements.size() != 1) continue;
    const ir::Statement& statement = rule.form.statements.front();
    const OpCard* op = registry.op(statement.op);
    if (!op || !op->has_code() || statement.args.size() != 1 || !statement.attrs.empty()) continue;
    Node again;
    again.op = statement.op;
    again.name = call.name;
    again.inputs = {result};
    again.outputs = call.outputs;
    again.from = call.from;
    region.push_back(graph.add(std::move(again)));
    return function;
  }
  return no_node;
}

/// What of a region others read, in the order of the nodes.
std::vector<Edge> read_outside(const Graph& graph, const std::vector<NodeId>& region, const std::set<Edge>& outputs,
                               const std::vector<std::vector<NodeId>>& readers) {
  const std::set<NodeId> inside(region.begin(), region.end());
  std::set<Edge> read;
  for (const NodeId id : region) {
    for (const NodeId reader : readers[index(id)]) {
      if (inside.contains(reader)) continue;
      for (const Edge& edge : graph.at(reader).inputs) {
        if (edge.node == id) read.insert(edge);
      }
    }
    for (auto at = outputs.lower_bound({id, 0}); at != outputs.end() && at->node == id; ++at) read.insert(*at);
  }
  std::vector<Edge> out;
  for (const NodeId id : region) {
    for (auto at = read.lower_bound({id, 0}); at != read.end() && at->node == id; ++at) out.push_back(*at);
  }
  return out;
}

}  // namespace

std::map<std::string, std::string> generate_layers(Graph& graph, const Registry& registry, const Control& control) {
  std::map<std::string, std::string> reasons;
  const auto found = regions(graph);
  if (found.empty()) return reasons;
  const Inference known = infer_types(graph, registry, control);
  std::map<std::string, std::string> classes;  // source without the name → class
  std::set<std::string> taken;
  for (const LayerCard* card : registry.layers()) taken.insert(card->cls);
  ir::Rewire rewire(graph);
  std::set<Edge> outputs;
  for (const Port& port : graph.outputs) outputs.insert(port.edge);
  const auto readers = graph.readers();
  for (std::vector<NodeId> region : found) {
    auto results = read_outside(graph, region, outputs, readers);
    const NodeId function = absorb_function(graph, registry, region, results, readers);
    if (function != no_node) results = {{region.back(), 0}};
    LayerDraft draft;
    try {
      draft = draft_layer(graph, registry, known, region, results);
    } catch (const Refused& refused) {
      for (const NodeId id : region) {
        reasons[graph.at(id).name] = id == refused.node ? refused.why : "it hangs together with " + graph.at(refused.node).name;
      }
      if (function != no_node) graph.at(region.back()).dead = true;
      continue;
    }
    Layer layer;
    layer.how = "custom";
    layer.config = draft.config;
    layer.slots = draft.slots;
    const std::string key = emit::layer_class(layer, draft.body);
    const auto [cls, fresh] = classes.try_emplace(key);
    if (fresh) cls->second = emit::class_name(draft.functions, registry, taken);
    layer.cls = cls->second;
    layer.registered = "keraft>" + layer.cls;
    layer.code = emit::layer_class(layer, draft.body);
    Node call;
    call.name = graph.at(function == no_node ? results.front().node : function).name;
    call.op = "keras/" + layer.cls;
    call.layer = static_cast<int32_t>(graph.layers.size());
    call.inputs = draft.inputs;
    for (const Edge& result : results) call.outputs.push_back(graph.type(result));
    for (auto id = region.rbegin(); id != region.rend(); ++id) {
      const Node& node = graph.at(*id);
      if (node.from.empty())
        call.from.push_back(node.name);
      else
        call.from.insert(call.from.end(), node.from.begin(), node.from.end());
    }
    // The report pairs a call with the node that computes its first result.
    const auto first = std::find(call.from.begin(), call.from.end(), graph.at(results.front().node).name);
    if (first != call.from.end()) std::rotate(call.from.begin(), first, first + 1);
    graph.layers.push_back(std::move(layer));
    const NodeId id = graph.add(std::move(call));
    for (size_t i = 0; i < results.size(); ++i) rewire.set(results[i], {id, static_cast<int32_t>(i)});
    if (function != no_node) rewire.set({function, 0}, {id, 0});
    for (const NodeId old : region) graph.at(old).dead = true;
    if (function != no_node) graph.at(function).dead = true;
  }
  rewire.apply();
  return reasons;
}

}  // namespace keraft::recover
