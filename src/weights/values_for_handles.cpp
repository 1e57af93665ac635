#include "weights/values_for_handles.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/rewire.h"
#include "keraft/error.hpp"

namespace keraft::weights {
namespace {

bool carries(const Node& node) noexcept {
  return node.is({"tf/Identity", "tf/Enter", "tf/RefEnter", "tf/Switch", "tf/RefSwitch", "tf/RefIdentity", "tf/Exit"}) &&
         !node.inputs.empty();
}

/// The attributes with functions of a control flow op, and how many inputs come before their arguments.
struct Bodies {
  std::vector<std::string_view> attrs;
  size_t skip = 0;
  std::string_view types;
  bool loop = false;
};

std::optional<Bodies> bodies_of(const Node& node) {
  if (node.is({"tf/If", "tf/StatelessIf"})) return Bodies{{"then_branch", "else_branch"}, 1, "Tin", false};
  if (node.is({"tf/Case", "tf/StatelessCase"})) return Bodies{{"branches"}, 1, "Tin", false};
  if (node.is({"tf/While", "tf/StatelessWhile"})) return Bodies{{"cond", "body"}, 0, "T", true};
  return std::nullopt;
}

class Rewriter {
 public:
  Rewriter(Graph& root, const Control& control) : root_(root), control_(control) {}

  void run(Graph& graph, Handles handles, int depth) {
    if (depth > control_.limits.depth) throw Error(Status::memory, "control flow nested too deep");
    ir::Rewire rewire(graph);
    for (const NodeId id : graph.order()) {
      for (Edge& edge : graph.at(id).inputs) edge = rewire.now(edge);
      if (graph.at(id).inputs.empty()) continue;
      if (const auto bodies = bodies_of(graph.at(id))) {
        branch(graph, id, *bodies, handles, depth);
        continue;
      }
      Node& node = graph.at(id);
      const Edge first = node.inputs[0];
      if (node.is({"tf/Identity", "tf/RefIdentity"}) && graph.at(first.node).op == "ir/Weight") {
        rewire.set({id, 0}, first);
        continue;
      }
      const auto handle = handles.find(first);
      if (handle == handles.end()) continue;
      const TensorType type = handle->second;
      if (carries(node)) {
        for (int port = 0; port < (node.is({"tf/Switch", "tf/RefSwitch"}) ? 2 : 1); ++port)
          handles.emplace(Edge{id, port}, type);
        if (node.attrs.contains("T")) node.attrs.insert_or_assign("T", type.dtype);
      } else if (node.op == "tf/ReadVariableOp") {
        rewire.set({id, 0}, first);
      } else if (node.op == "tf/ResourceGather") {
        gather(graph, id, type.dtype);
      } else if (node.op == "tf/ResourceGatherNd") {
        node.op = "tf/GatherNd";
        node.attrs.erase("dtype");
        node.attrs.insert_or_assign("Tparams", type.dtype);
      } else if (node.op == "tf/VariableShape") {
        node.op = "tf/Shape";
        node.attrs.insert_or_assign("T", type.dtype);
      }
    }
    // Edges that run backwards were seen before what they read was known to move.
    rewire.apply();
  }

 private:
  void gather(Graph& graph, NodeId id, DType dtype) {
    Node axis;
    axis.name = graph.at(id).name + "/axis";
    axis.op = "tf/Const";
    const int32_t zero = 0;
    axis.attrs = {{"dtype", DType::i32}, {"value", make_tensor<int32_t>(DType::i32, {}, std::span(&zero, 1))}};
    const NodeId added = graph.add(std::move(axis));
    Node& node = graph.at(id);
    const auto indices = node.attrs.find("Tindices");
    const auto batch = node.attrs.find("batch_dims");
    Dict attrs{{"Tparams", dtype}, {"Taxis", DType::i32}};
    if (indices != node.attrs.end()) attrs.emplace("Tindices", indices->second);
    if (batch != node.attrs.end()) attrs.emplace("batch_dims", batch->second);
    node.op = "tf/GatherV2";
    node.attrs = std::move(attrs);
    node.inputs.push_back({added, 0});
  }

  /// Gives an If, While or Case that takes handles bodies that take values.
  void branch(Graph& graph, NodeId id, const Bodies& bodies, Handles& handles, int depth) {
    std::map<size_t, TensorType> arguments;
    Node& node = graph.at(id);
    for (size_t i = bodies.skip; i < node.inputs.size(); ++i) {
      const auto handle = handles.find(node.inputs[i]);
      if (handle != handles.end()) arguments.emplace(i - bodies.skip, handle->second);
    }
    if (arguments.empty()) return;
    for (const std::string_view attr : bodies.attrs) {
      Value* found = node.attrs.edit(attr);
      if (!found) continue;
      if (auto* list = found->edit<List>()) {
        for (Value& value : *list) rewrite(value, arguments, depth, node.name);
      } else {
        rewrite(*found, arguments, depth, node.name);
      }
    }
    for (const auto& [index, type] : arguments) {
      if (bodies.loop) handles.emplace(Edge{id, static_cast<int32_t>(index)}, type);
      Value* types = node.attrs.edit(bodies.types);
      auto* list = types ? types->edit<List>() : nullptr;
      if (list && index < list->size()) (*list)[index] = type.dtype;
    }
  }

  void rewrite(Value& value, const std::map<size_t, TensorType>& arguments, int depth, const std::string& caller) {
    auto* ref = value.edit<FunctionRef>();
    const auto body = ref ? root_.functions.find(ref->name) : root_.functions.end();
    if (body == root_.functions.end()) throw Error(Status::format, "a function that is not in the file", {{}, {}, caller});
    std::string key = ref->name;
    for (const auto& [index, type] : arguments)
      key += " " + std::to_string(index) + ":" + std::string(name_of(type.dtype)) + type.shape.text();
    const auto [made, fresh] = made_.emplace(key, std::string());
    if (fresh) {
      auto copy = std::make_shared<Graph>(*body->second);
      Handles handles;
      for (const auto& [index, type] : arguments) {
        if (index >= copy->inputs.size())
          throw Error(Status::format, "the call has more inputs than the function takes", {{}, {}, caller});
        const Edge edge = copy->inputs[index].edge;
        copy->at(edge.node).outputs = {type};
        copy->at(edge.node).attrs.clear();
        handles.emplace(edge, type);
      }
      std::string name = ref->name + "_values";
      for (int i = 1; root_.functions.count(name); ++i) name = ref->name + "_values_" + std::to_string(i);
      copy->name = name;
      root_.functions.emplace(name, copy);
      made->second = name;
      run(*copy, std::move(handles), depth + 1);
    }
    ref->name = made_.at(key);
  }

  Graph& root_;
  const Control& control_;
  std::map<std::string, std::string> made_;
};

}  // namespace

void values_for_handles(Graph& graph, const Handles& handles, const Control& control) {
  Rewriter(graph, control).run(graph, handles, 0);
}

}  // namespace keraft::weights
