#include "formats/keras/plan.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

#include "base/string.h"
#include "formats/keras/names.h"
#include "formats/keras/operations.h"
#include "keraft/error.hpp"

namespace keraft::formats {
namespace {

size_t index(NodeId id) { return static_cast<size_t>(id); }

bool is_layer_call(const Node& node) { return node.op.starts_with("keras/"); }

std::vector<bool> needed_nodes(const Graph& graph) {
  std::vector<bool> needed(graph.nodes.size(), false);
  std::vector<NodeId> open;
  const auto need = [&](Edge edge, const std::string& reader) {
    if (edge.node < 0 || index(edge.node) >= graph.nodes.size() || graph.at(edge.node).dead || edge.port < 0) {
      throw Error(Status::internal, "reads a node that does not exist", {{}, {}, reader});
    }
    const auto& outputs = graph.at(edge.node).outputs;
    if (static_cast<size_t>(edge.port) >= std::max<size_t>(outputs.size(), 1)) {
      throw Error(Status::internal, "reads an output that does not exist", {{}, {}, reader});
    }
    if (needed[index(edge.node)]) return;
    needed[index(edge.node)] = true;
    open.push_back(edge.node);
  };
  for (const Port& port : graph.outputs) need(port.edge, port.name);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    for (const Edge& edge : graph.at(id).inputs) need(edge, graph.at(id).name);
  }
  return needed;
}

void check_nodes(const Graph& graph, const std::vector<bool>& needed) {
  std::string raw;
  int count = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (!needed[i]) continue;
    if (is_layer_call(node)) {
      if (node.layer < 0 || static_cast<size_t>(node.layer) >= graph.layers.size()) {
        throw Error(Status::internal, "a call of a layer that does not exist", {{}, {}, node.name});
      }
    } else if (!is_operation(node) && node.op != "ir/Input") {
      raw += (count++ ? ", " : "") + base::escaped(node.name) + " (" + base::escaped(node.op) + ")";
    }
  }
  if (count) throw Error(Status::unsupported, "a Keras file holds layers only; convert these nodes first: " + raw);
  if (graph.outputs.empty()) throw Error(Status::unsupported, "the model has no outputs");
  if (graph.inputs.empty()) throw Error(Status::unsupported, "the model has no inputs");
  std::set<NodeId> inputs;
  for (const Port& port : graph.inputs) {
    if (port.edge.node < 0 || index(port.edge.node) >= graph.nodes.size() || graph.at(port.edge.node).op != "ir/Input") {
      throw Error(Status::internal, "the input is not an input node", {{}, {}, port.name});
    }
    if (!needed[index(port.edge.node)]) {
      throw Error(Status::unsupported, "no output depends on this input, and Keras refuses such models; leave it out",
                  {{}, {}, port.name});
    }
    if (!inputs.insert(port.edge.node).second) throw Error(Status::internal, "the input is listed twice", {{}, {}, port.name});
  }
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (needed[i] && graph.nodes[i].op == "ir/Input" && !inputs.contains(static_cast<NodeId>(i))) {
      throw Error(Status::internal, "an input node that is not among the model's inputs", {{}, {}, graph.nodes[i].name});
    }
  }
}

/// Entries in the order of their first calls, with all calls.
void collect(const Graph& graph, const std::vector<bool>& needed, const std::vector<NodeId>& order, Plan& out) {
  out.entry_of.assign(graph.nodes.size(), no_entry);
  out.call_of.assign(graph.nodes.size(), 0);
  std::map<int32_t, size_t> of_layer;
  for (const NodeId id : order) {
    if (!needed[index(id)]) continue;
    const Node& node = graph.at(id);
    size_t entry = out.entries.size();
    if (is_layer_call(node)) entry = of_layer.try_emplace(node.layer, entry).first->second;
    if (entry == out.entries.size()) {
      const bool layer = is_layer_call(node);
      out.entries.push_back(
          {layer ? graph.layers[static_cast<size_t>(node.layer)].name : node.name, layer ? node.layer : -1, {}});
    }
    out.entry_of[index(id)] = entry;
    out.call_of[index(id)] = static_cast<int32_t>(out.entries[entry].calls.size());
    out.entries[entry].calls.push_back(id);
  }
}

/// Reorders entries so that each stands behind all entries that any of its calls reads. A layer that is called on what was made
/// of its results has no such order; the order of first calls stays then.
void sort_entries(const Graph& graph, Plan& plan) {
  const size_t count = plan.entries.size();
  std::vector<std::vector<size_t>> next(count);
  std::vector<size_t> missing(count, 0);
  for (size_t entry = 0; entry < count; ++entry) {
    for (const NodeId call : plan.entries[entry].calls) {
      for (const Edge& edge : graph.at(call).inputs) {
        next[plan.entry_of[index(edge.node)]].push_back(entry);
        ++missing[entry];
      }
    }
  }
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t entry = 0; entry < count; ++entry) {
    if (missing[entry] == 0) ready.push(entry);
  }
  std::vector<size_t> order;
  while (!ready.empty()) {
    const size_t entry = ready.top();
    ready.pop();
    order.push_back(entry);
    for (const size_t reader : next[entry]) {
      if (--missing[reader] == 0) ready.push(reader);
    }
  }
  plan.in_order = order.size() == count;
  if (!plan.in_order) return;
  std::vector<size_t> moved(count);
  std::vector<PlanEntry> sorted;
  sorted.reserve(count);
  for (const size_t entry : order) {
    moved[entry] = sorted.size();
    sorted.push_back(std::move(plan.entries[entry]));
  }
  plan.entries = std::move(sorted);
  for (size_t& entry : plan.entry_of) {
    if (entry != no_entry) entry = moved[entry];
  }
}

bool is_stack(const Graph& graph, const Plan& plan) {
  if (graph.inputs.size() != 1 || graph.outputs.size() != 1 || plan.entries.size() < 2) return false;
  for (size_t i = 0; i < plan.entries.size(); ++i) {
    const PlanEntry& entry = plan.entries[i];
    if (entry.calls.size() != 1) return false;
    if (i == 0) continue;
    const Node& node = graph.at(entry.calls[0]);
    // A Sequential model has no place for keyword arguments of a call.
    const bool chained = entry.layer >= 0 && node.attrs.empty() && node.inputs.size() == 1 &&
                         node.inputs[0] == Edge{plan.entries[i - 1].calls[0], 0};
    if (!chained) return false;
  }
  return graph.outputs[0].edge == Edge{plan.entries.back().calls[0], 0};
}

void check_names(const Plan& plan) {
  std::set<std::string, std::less<>> names;
  for (const PlanEntry& entry : plan.entries) {
    if (!legal_layer_name(entry.name)) {
      throw Error(Status::unsupported, "not a name that Keras accepts: letters, digits, '_', '.' and '-' only",
                  {{}, {}, entry.name});
    }
    if (!names.insert(entry.name).second) throw Error(Status::unsupported, "two layers of this name", {{}, {}, entry.name});
  }
}

}  // namespace

Plan plan(const Graph& graph) {
  const std::vector<bool> needed = needed_nodes(graph);
  check_nodes(graph, needed);
  Plan out;
  collect(graph, needed, graph.order(), out);
  sort_entries(graph, out);
  check_names(out);
  out.sequential = is_stack(graph, out);
  out.model_layers = model_layer_order(graph, out.entry_of, out.entries.size());
  return out;
}

std::vector<size_t> model_layer_order(const Graph& graph, const std::vector<size_t>& entry_of, size_t entries) {
  // Post-order from the outputs; a layer gets its number when its first call is entered.
  std::vector<int64_t> number(entries, -1);
  std::vector<bool> seen(graph.nodes.size(), false);
  std::vector<NodeId> finished;
  int64_t numbers = 0;
  std::vector<std::pair<NodeId, size_t>> stack;  // a node and how many of its inputs were visited
  const auto enter = [&](NodeId id) {
    if (seen.at(index(id))) return;
    seen[index(id)] = true;
    int64_t& mine = number.at(entry_of.at(index(id)));
    if (mine < 0) mine = numbers++;
    stack.emplace_back(id, 0);
  };
  for (const Port& port : graph.outputs) {
    enter(port.edge.node);
    while (!stack.empty()) {
      auto& [id, visited] = stack.back();
      const Node& node = graph.at(id);
      if (visited < node.inputs.size()) {
        enter(node.inputs[visited++].node);
      } else {
        finished.push_back(id);
        stack.pop_back();
      }
    }
  }
  std::vector<int64_t> node_depth(graph.nodes.size(), 0), depth(entries, 0);
  for (auto at = finished.rbegin(); at != finished.rend(); ++at) {
    int64_t& mine = node_depth[index(*at)];
    int64_t& layer = depth[entry_of[index(*at)]];
    mine = std::max(mine, layer);
    layer = mine;
    for (const Edge& edge : graph.at(*at).inputs) {
      int64_t& parent = node_depth[index(edge.node)];
      parent = std::max(parent, mine + 1);
    }
  }
  std::vector<size_t> out(entries);
  for (size_t i = 0; i < entries; ++i) out[i] = i;
  std::stable_sort(out.begin(), out.end(),
                   [&](size_t a, size_t b) { return depth[a] != depth[b] ? depth[a] > depth[b] : number[a] < number[b]; });
  return out;
}

}  // namespace keraft::formats
