#include "training/averages.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/string.h"
#include "ir/form.h"
#include "training/numbers.h"
#include "training/spelling.h"

namespace keraft::training {
namespace {

/// average −= (average − value) · rate;  average = average · kept + value · rate
const std::vector<ir::Form>& updates() {
  static const std::vector<ir::Form> forms = [] {
    std::vector<ir::Form> out;
    for (const char* assign : {"AssignSub", "AssignSubVariableOp"}) {
      out.push_back(
          ir::parse_form("d = Sub(average, value)   u = Mul(d, $rate)   y = " + std::string(assign) + "(average, u)"));
    }
    for (const char* assign : {"Assign", "AssignVariableOp"}) {
      out.push_back(ir::parse_form(
          "a = Mul(average, $kept)   b = Mul(value, $rate)   s = AddV2(a, b)   y = " + std::string(assign) + "(average, s)"));
    }
    return out;
  }();
  return forms;
}

const Value* attribute(const Node& node, const char* name) {
  const auto found = node.attrs.find(name);
  return found == node.attrs.end() ? nullptr : &found->second;
}

bool is_fused_norm(const Node& node) { return node.op.starts_with("tf/FusedBatchNorm") && node.inputs.size() == 5; }

bool in_training(const Node& node) {
  const Value* training = attribute(node, "is_training");
  return !training || *training == Value(true);
}

/// The op itself takes the average in; its outputs 1 and 2 are what the variables become.
std::optional<Average> fused_update(const Graph& graph, const Node& node, const Registry& registry) {
  if (node.op != "tf/AssignVariableOp" || node.inputs.size() < 2) return std::nullopt;
  const Edge value = behind(graph, node.inputs[1], registry);
  const Node& norm = graph.at(value.node);
  if (!is_fused_norm(norm) || !in_training(norm) || value.port < 1 || value.port > 2) return std::nullopt;
  const Edge target = behind(graph, node.inputs[0], registry);
  if (behind(graph, norm.inputs[static_cast<size_t>(value.port) + 2], registry) != target) return std::nullopt;
  const Value* factor = attribute(norm, "exponential_avg_factor");
  const auto rate = factor ? factor->number() : std::optional(1.0);
  if (!rate) return std::nullopt;
  return Average{target.node, value, 1 - *rate};
}

Edge read(Graph& graph, NodeId variable) {
  const Node& node = graph.at(variable);
  if (node.op != "tf/VarHandleOp") return {variable, 0};
  Node out;
  out.name = node.name + "/in_use";
  out.op = "tf/ReadVariableOp";
  out.inputs = {{variable, 0}};
  if (const Value* dtype = attribute(node, "dtype")) out.attrs["dtype"] = *dtype;
  return {graph.add(std::move(out)), 0};
}

}  // namespace

std::vector<Average> find_averages(const Graph& graph, const Source& source) {
  std::vector<Average> out;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.dead || !node.op.starts_with("tf/Assign")) continue;
    if (auto fused = fused_update(graph, node, source.registry)) {
      if (weights::is_variable(graph.at(fused->variable))) out.push_back(std::move(*fused));
      continue;
    }
    for (const ir::Form& form : updates()) {
      const auto found = spelled(graph, form, static_cast<NodeId>(i), source.registry);
      if (!found || !weights::is_variable(graph.at(found->tensors.at("average").node))) continue;
      Average average{found->tensors.at("average").node, found->tensors.at("value"), {}};
      const auto rate = number(graph, found->numbers.at("rate"), source);
      const auto written = found->numbers.find("kept");
      if (written != found->numbers.end()) {
        const auto kept = number(graph, written->second, source);
        if (!kept || !rate || std::abs(kept->value + rate->value - 1) > 1e-6) continue;
      }
      if (rate && rate->value >= 0 && rate->value <= 1) average.kept = 1 - rate->value;
      out.push_back(std::move(average));
    }
  }
  return out;
}

void use_averages(Graph& graph, const std::vector<Average>& averages, const Source& source) {
  std::map<NodeId, std::map<int32_t, NodeId>> fused;  // by node: port → variable
  std::map<Edge, NodeId> values;
  for (const Average& average : averages) {
    if (weights::is_variable(graph.at(average.value.node))) continue;
    const Node& node = graph.at(average.value.node);
    if (is_fused_norm(node) && in_training(node)) {
      fused[average.value.node][average.value.port] = average.variable;
    } else {
      values.emplace(average.value, average.variable);
    }
  }
  for (const auto& [id, ports] : fused) {
    if (!ports.contains(1) || !ports.contains(2)) continue;
    const Edge mean = read(graph, ports.at(1)), variance = read(graph, ports.at(2));
    Node& node = graph.at(id);
    node.inputs[3] = mean;
    node.inputs[4] = variance;
    node.attrs["is_training"] = false;
    node.attrs.erase("exponential_avg_factor");
  }
  if (values.empty()) return;
  std::map<Edge, Edge> reads;
  for (const auto& [value, variable] : values) reads.emplace(value, read(graph, variable));
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (Edge& edge : graph.nodes[i].inputs) {
      const auto found = reads.find(behind(graph, edge, source.registry));
      if (found != reads.end()) edge = found->second;
    }
  }
}

std::map<NodeId, NodeId> shadows(const Graph& graph, const std::vector<Average>& averages, const Source& source) {
  std::map<NodeId, NodeId> out;
  for (const Average& average : averages) {
    const Edge value = behind(graph, average.value, source.registry);
    if (weights::is_variable(graph.at(value.node))) out.emplace(value.node, average.variable);
  }
  return out;
}

}  // namespace keraft::training
