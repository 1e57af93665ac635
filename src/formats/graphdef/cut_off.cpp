#include <algorithm>
#include <map>

#include "formats/graphdef/machinery.h"

namespace keraft::formats {
namespace {

bool has(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

bool begins(std::string_view text, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return text.starts_with(start); });
}

/// By the op; the first that fits. Empty: it may serve anything.
std::string kind_of(const Node& node, bool is_machinery) {
  const std::string_view op = node.op.starts_with("tf/") ? std::string_view(node.op).substr(3) : std::string_view();
  const std::string_view name = node.name;
  if (begins(op, {"Apply", "ResourceApply", "SparseApply", "ResourceSparseApply"})) return "optimizer";
  if (begins(name, {"gradients/", "gradients_"}) || has(name, {"/gradients/", "/gradients_"})) return "gradients";
  if (has(op, {"Summary"})) return "summaries";
  if (begins(op, {"Save", "Restore", "MergeV2", "ShardedFile"}) || begins(name, {"save/", "save_"})) return "saver";
  if (has(name, {"Initializer/", "report_uninitialized"}) || begins(op, {"VarIsInitialized", "IsVariableInitialized"}) ||
      name.ends_with("/Assign"))
    return "initialisers";
  if (begins(op, {"Queue", "FIFOQueue", "RandomShuffleQueue", "PaddingFIFOQueue", "PriorityQueue", "Barrier", "Stack"}))
    return "queues";
  if (has(op, {"Dataset", "Iterator", "Reader", "ParseExample", "ParseSingleExample", "ParseSequence"}) ||
      begins(op, {"ReadFile", "Decode", "MatchingFiles"}))
    return "input pipeline";
  if (begins(op, {"Assert", "Print", "CheckNumerics"})) return "checks";
  if (begins(op, {"Assign", "Scatter", "ResourceScatter"})) return "updates";
  return is_machinery && op != "NoOp" ? "gradients" : std::string();
}

std::vector<bool> needed(const Graph& graph) {
  std::vector<bool> out(graph.nodes.size(), false);
  std::vector<NodeId> open;
  const auto need = [&](NodeId id) {
    if (out[static_cast<size_t>(id)]) return;
    out[static_cast<size_t>(id)] = true;
    open.push_back(id);
  };
  for (const Port& port : graph.outputs) need(port.edge.node);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    for (const Edge& edge : graph.at(id).inputs) need(edge.node);
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string, int64_t>> cut_off(const Graph& graph) {
  const std::vector<bool> serves = machinery(graph), kept = needed(graph);
  const auto readers = graph.readers();
  const std::vector<NodeId> order = graph.order();
  std::vector<bool> on_data(graph.nodes.size(), false);
  for (const NodeId id : order) {
    const Node& node = graph.at(id);
    const auto i = static_cast<size_t>(id);
    on_data[i] = is_source(node) && !is_training_flag(node);
    for (const Edge& edge : node.inputs) on_data[i] = on_data[i] || on_data[static_cast<size_t>(edge.node)];
  }
  std::vector<std::string> kinds(graph.nodes.size());
  std::map<std::string, int64_t> counts;
  for (auto id = order.rbegin(); id != order.rend(); ++id) {
    const auto i = static_cast<size_t>(*id);
    if (kept[i]) continue;
    kinds[i] = kind_of(graph.at(*id), serves[i]);
    // What depends on data is a loss or a metric. A constant, a variable, arithmetic on them: it serves what reads it.
    if (kinds[i].empty() && on_data[i]) kinds[i] = "loss and metrics";
    for (const NodeId reader : readers[i]) {
      if (kinds[i].empty()) kinds[i] = kinds[static_cast<size_t>(reader)];
    }
    if (kinds[i].empty()) kinds[i] = "other";
    ++counts[kinds[i]];
  }
  std::vector<std::pair<std::string, int64_t>> out(counts.begin(), counts.end());
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

}  // namespace keraft::formats
