#include "normalise/inline_calls.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/string.h"
#include "ir/function_attr.h"
#include "keraft/error.hpp"

namespace keraft::normalise {
namespace {

const FunctionRef* callee_of(const Graph& root, const Node& node, FunctionRef& direct) {
  if (node.dead) return nullptr;
  if (node.op == "tf/PartitionedCall" || node.op == "tf/StatefulPartitionedCall") {
    const auto f = node.attrs.find("f");
    const auto* ref = f == node.attrs.end() ? nullptr : f->second.get<FunctionRef>();
    if (!ref) throw Error(Status::format, "a call without a function", {{}, {}, node.name});
    return ref;
  }
  if (!node.op.starts_with("tf/")) return nullptr;
  const std::string_view op = std::string_view(node.op).substr(3);
  if (root.functions.find(op) == root.functions.end()) return nullptr;
  direct.name = op;
  direct.attrs = node.attrs;
  return &direct;
}

class Inliner {
 public:
  Inliner(Graph& root, const Control& control) : root_(root), control_(control) {}

  void run() {
    const uint64_t all = size(root_, 0);
    if (all > control_.limits.nodes) too_many();
    for (const auto& name : order_) expand(*root_.functions.at(name));
    expand(root_);
    drop_unused();
  }

 private:
  [[noreturn]] void too_many() const {
    throw Error(Status::memory,
                "the graph has more than " + std::to_string(control_.limits.nodes) + " nodes when its functions are inlined");
  }

  Graph& function(const std::string& name, const Node& caller) {
    const auto found = root_.functions.find(name);
    if (found == root_.functions.end() || !found->second) {
      throw Error(Status::format, "the function '" + base::escaped(name) + "' is not in the file", {{}, {}, caller.name});
    }
    return *found->second;
  }

  /// Nodes after inlining. Orders the functions, callees first, and finds recursion.
  uint64_t size(const Graph& graph, int depth) {
    if (depth > control_.limits.depth)
      throw Error(Status::memory,
                  "functions call each other over more than " + std::to_string(control_.limits.depth) + " levels");
    uint64_t total = 0;
    for (const Node& node : graph.nodes) {
      if (node.dead) continue;
      FunctionRef direct;
      const FunctionRef* call = callee_of(root_, node, direct);
      std::set<std::string> names;
      if (call) names.insert(call->name);
      for (const auto& [name, value] : node.attrs) ir::functions_in(value, names, control_.limits.depth);
      uint64_t more = 1;
      for (const std::string& name : names) {
        const uint64_t inner = size_of_function(name, node, depth);
        if (call && name == call->name) more = inner;
      }
      if (more > std::numeric_limits<uint64_t>::max() - total) too_many();
      total += more;
    }
    return total;
  }

  uint64_t size_of_function(const std::string& name, const Node& caller, int depth) {
    const auto known = sizes_.find(name);
    if (known != sizes_.end()) return known->second;
    if (!open_.insert(name).second) throw Error(Status::format, "recursion: a function calls itself", {{}, {}, name});
    const uint64_t out = size(function(name, caller), depth + 1);
    open_.erase(name);
    sizes_.emplace(name, out);
    order_.push_back(name);
    return out;
  }

  /// Callees must be flat already: `order_` sees to that.
  void expand(Graph& graph) {
    const size_t count = graph.nodes.size();
    std::unordered_set<std::string> names;
    std::vector<std::vector<Edge>> results(count);
    std::vector<char> called(count, 0);
    bool any = false;
    for (size_t i = 0; i < count; ++i) {
      FunctionRef direct;
      const FunctionRef* call = callee_of(root_, graph.nodes[i], direct);
      if (!call) continue;
      if (!any) {
        for (const Node& node : graph.nodes) names.insert(node.name);
      }
      any = true;
      called[i] = 1;
      const FunctionRef ref = *call;
      check(control_);
      results[i] = copy(graph, i, ref, names);
    }
    if (!any) return;
    const auto result = [&](Edge edge, const std::string& reader) {
      // A function may hand an argument through, which may be the result of another call.
      for (size_t steps = 0; static_cast<size_t>(edge.node) < count && called[static_cast<size_t>(edge.node)]; ++steps) {
        const auto& outs = results[static_cast<size_t>(edge.node)];
        if (static_cast<size_t>(edge.port) >= outs.size())
          throw Error(Status::format, "an input names an output that a function does not have", {{}, {}, reader});
        if (steps > count)
          throw Error(Status::format, "calls that hand each other's results through in a circle", {{}, {}, reader});
        edge = outs[static_cast<size_t>(edge.port)];
      }
      return edge;
    };
    for (Node& node : graph.nodes) {
      for (Edge& edge : node.inputs) edge = result(edge, node.name);
      std::erase_if(node.control,
                    [&](NodeId id) { return static_cast<size_t>(id) < count && called[static_cast<size_t>(id)]; });
    }
    for (Port& port : graph.outputs) port.edge = result(port.edge, port.name);
    for (size_t i = 0; i < count; ++i) {
      if (!called[i]) continue;
      graph.nodes[i].dead = true;
      graph.nodes[i].inputs.clear();
      graph.nodes[i].control.clear();
    }
  }

  std::vector<Edge> copy(Graph& graph, size_t call, const FunctionRef& ref, std::unordered_set<std::string>& names) {
    const Graph& body = function(ref.name, graph.nodes[call]);
    const std::string prefix = graph.nodes[call].name + "/";
    const std::vector<Edge> arguments = graph.nodes[call].inputs;
    if (arguments.size() != body.inputs.size()) {
      throw Error(Status::format,
                  "the call has " + std::to_string(arguments.size()) + " inputs, the function '" + base::escaped(ref.name) +
                      "' takes " + std::to_string(body.inputs.size()),
                  {{}, {}, graph.nodes[call].name});
    }
    std::vector<int32_t> argument(body.nodes.size(), -1);
    for (size_t i = 0; i < body.inputs.size(); ++i)
      argument[static_cast<size_t>(body.inputs[i].edge.node)] = static_cast<int32_t>(i);
    std::vector<NodeId> moved(body.nodes.size(), no_node);
    auto next = static_cast<NodeId>(graph.nodes.size());
    for (size_t i = 0; i < body.nodes.size(); ++i) {
      if (argument[i] < 0 && !body.nodes[i].dead) moved[i] = next++;
    }
    const auto edge_of = [&](Edge edge) {
      const auto i = static_cast<size_t>(edge.node);
      return argument[i] >= 0 ? arguments[static_cast<size_t>(argument[i])] : Edge{moved[i], edge.port};
    };
    for (size_t i = 0; i < body.nodes.size(); ++i) {
      if (moved[i] == no_node) continue;
      Node node = body.nodes[i];
      node.name = prefix + node.name;
      for (int k = 1; !names.insert(node.name).second; ++k) node.name = prefix + body.nodes[i].name + "_" + std::to_string(k);
      for (Edge& edge : node.inputs) edge = edge_of(edge);
      for (NodeId& id : node.control) id = moved[static_cast<size_t>(id)];
      std::erase(node.control, no_node);
      for (auto& [key, value] : node.attrs.edit()) bind(value, ref, node.name);
      graph.add(std::move(node));
    }
    std::vector<Edge> out;
    for (const Port& port : body.outputs) out.push_back(edge_of(port.edge));
    return out;
  }

  void bind(Value& value, const FunctionRef& ref, const std::string& node) const {
    if (const std::string* name = ir::caller_attr_in(value)) {
      const auto bound = ref.attrs.find(*name);
      if (bound == ref.attrs.end()) {
        throw Error(Status::format,
                    "the call of '" + base::escaped(ref.name) + "' does not give the attribute '" + base::escaped(*name) + "'",
                    {{}, {}, node});
      }
      value = Value(bound->second);
    } else if (auto* inner = value.edit<FunctionRef>()) {
      for (auto& [key, bound] : inner->attrs.edit()) bind(bound, ref, node);
    }
  }

  void drop_unused() {
    std::set<std::string> used;
    std::vector<std::string> open;
    const auto scan = [&](const Graph& graph) {
      std::set<std::string> names;
      for (const Node& node : graph.nodes) {
        if (node.dead) continue;
        for (const auto& [key, value] : node.attrs) ir::functions_in(value, names, control_.limits.depth);
      }
      for (const std::string& name : names) {
        if (used.insert(name).second) open.push_back(name);
      }
    };
    scan(root_);
    while (!open.empty()) {
      const std::string name = std::move(open.back());
      open.pop_back();
      const auto found = root_.functions.find(name);
      if (found != root_.functions.end()) scan(*found->second);
    }
    std::erase_if(root_.functions, [&](const auto& entry) { return used.count(entry.first) == 0; });
  }

  Graph& root_;
  const Control& control_;
  std::map<std::string, uint64_t> sizes_;
  std::set<std::string> open_;
  std::vector<std::string> order_;  // callees first
};

}  // namespace

void inline_calls(Graph& graph, const Control& control) { Inliner(graph, control).run(); }

}  // namespace keraft::normalise
