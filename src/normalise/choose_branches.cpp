#include <set>

#include "ir/constant.h"
#include "ir/rewire.h"
#include "keraft/error.hpp"
#include "normalise/inline_calls.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

std::optional<bool> fixed(const Graph& graph, Edge edge) {
  while (graph.at(edge.node).op == "tf/Identity") edge = graph.at(edge.node).inputs.at(0);
  const Tensor* tensor = ir::constant(graph, edge);
  if (!tensor || tensor->elements() != 1 || !(tensor->dtype == DType::boolean || is_integer(tensor->dtype)))
    return std::nullopt;
  return to_ints(*tensor).front() != 0;
}

/// Switch and Merge on a fixed condition: what only the other side reaches is dead, a Merge passes on its living input.
void choose_switches(Graph& graph) {
  std::set<Edge> dead;
  ir::Rewire rewire(graph);
  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    const auto count = static_cast<int32_t>(std::max<size_t>(node.outputs.size(), 2));
    if (node.op == "tf/Merge") {
      std::vector<Edge> living;
      for (const Edge& edge : node.inputs) {
        if (!dead.contains(edge)) living.push_back(edge);
      }
      if (living.size() == 1 && node.inputs.size() > 1) rewire.set({id, 0}, living.front());
      if (living.empty()) dead.insert({{id, 0}, {id, 1}});
      continue;
    }
    bool is_dead = false;
    for (const Edge& edge : node.inputs) is_dead = is_dead || dead.contains(edge);
    for (const NodeId control : node.control) is_dead = is_dead || dead.contains({control, 0});
    if (is_dead) {
      for (int32_t port = 0; port < std::max(count, int32_t{8}); ++port) dead.insert({id, port});
    } else if (node.op == "tf/Switch" && node.inputs.size() == 2) {
      const auto taken = fixed(graph, node.inputs[1]);
      if (!taken) continue;
      dead.insert({id, *taken ? 0 : 1});
      rewire.set({id, *taken ? 1 : 0}, node.inputs[0]);
    }
  }
  rewire.apply();
}

/// Both branches must fit the call, whichever is taken.
void check_branches(const Graph& graph, const Node& node) {
  for (const char* name : {"then_branch", "else_branch"}) {
    const auto found = node.attrs.find(name);
    const auto* ref = found == node.attrs.end() ? nullptr : found->second.get<FunctionRef>();
    const auto function = ref ? graph.functions.find(ref->name) : graph.functions.end();
    if (function == graph.functions.end() || !function->second)
      throw Error(Status::format, std::string("its ") + name + " is not in the file", {{}, {}, node.name});
    const size_t wanted = function->second->inputs.size();
    if (wanted + 1 == node.inputs.size()) continue;
    throw Error(Status::mismatch,
                std::string("its ") + name + " takes " + std::to_string(wanted) + " inputs, not " +
                    std::to_string(node.inputs.size() - 1),
                {{}, {}, node.name});
  }
}

/// If on a fixed condition becomes a call of the branch.
bool choose_ifs(Graph& graph) {
  bool any = false;
  for (Node& node : graph.nodes) {
    if (node.dead || (node.op != "tf/If" && node.op != "tf/StatelessIf") || node.inputs.empty()) continue;
    const auto taken = fixed(graph, node.inputs[0]);
    const auto branch = node.attrs.find(taken.value_or(false) ? "then_branch" : "else_branch");
    if (!taken || branch == node.attrs.end()) continue;
    check_branches(graph, node);
    Value function = branch->second;
    node.op = "tf/PartitionedCall";
    node.inputs.erase(node.inputs.begin());
    node.attrs = {{"f", std::move(function)}};
    any = true;
  }
  return any;
}

}  // namespace

void choose_branches(PassContext& context) {
  choose_switches(context.graph);
  context.graph.prune();
  while (choose_ifs(context.graph)) {
    inline_calls(context.graph, context.control);
    constant_flags(context);
    choose_switches(context.graph);
    context.graph.prune();
  }
}

}  // namespace keraft::normalise
