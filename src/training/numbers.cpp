#include "training/numbers.h"

#include <memory>

#include "base/string.h"
#include "ir/constant.h"
#include "ir/number.h"
#include "keraft/error.hpp"
#include "keraft/run.hpp"
#include "normalise/normalise.h"
#include "training/spelling.h"

namespace keraft::training {
namespace {

constexpr size_t most_folded = 256;

bool is_flag(const Node& node) {
  if (node.op != "tf/Placeholder" && node.op != "tf/PlaceholderWithDefault") return false;
  const auto dtype = node.attrs.find("dtype");
  return dtype != node.attrs.end() && dtype->second == Value(DType::boolean);
}

/// Nodes without inputs say by such a control edge which branch they stand in.
bool is_pivot(const Graph& graph, NodeId id) {
  for (int steps = 0; steps < 8 && graph.at(id).op == "tf/Identity" && !graph.at(id).inputs.empty(); ++steps)
    id = graph.at(id).inputs.front().node;
  return graph.at(id).op == "tf/Switch";
}

/// What `edge` needs, as a graph of its own with training flags set. Nothing when it is large or needs what is fed.
std::optional<Graph> needed(const Graph& graph, Edge edge) {
  Graph out;
  std::map<NodeId, NodeId> made;
  std::vector<NodeId> open;
  const auto copy = [&](NodeId id) {
    const auto [at, fresh] = made.try_emplace(id, no_node);
    if (fresh) {
      at->second = out.add(graph.at(id));
      open.push_back(id);
    }
    return at->second;
  };
  out.outputs = {{"number", {copy(edge.node), edge.port}}};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    const Node& node = graph.at(id);
    if (made.size() > most_folded) return std::nullopt;
    std::vector<Edge> inputs;
    std::vector<NodeId> control;
    if (is_flag(node)) {
      const auto truth = make_tensor<uint8_t>(DType::boolean, {}, std::vector<uint8_t>{1});
      Node& flag = out.at(made.at(id));
      flag.op = "tf/Const";
      flag.attrs = {{"dtype", DType::boolean}, {"value", truth}};
    } else {
      if (node.inputs.empty() && node.op != "tf/Const" && !weights::is_variable(node)) return std::nullopt;
      for (const Edge& input : node.inputs) inputs.push_back({copy(input.node), input.port});
      for (const NodeId before : node.control) {
        if (is_pivot(graph, before)) control.push_back(copy(before));
      }
    }
    Node& fresh = out.at(made.at(id));
    fresh.inputs = std::move(inputs);
    fresh.control = std::move(control);
  }
  return out;
}

std::optional<double> only_value(const Array& array) {
  if (array.elements() != 1) return std::nullopt;
  switch (array.dtype) {
    case DType::f32:
      return ir::shortest(static_cast<double>(*array.as<float>()));
    case DType::f64:
      return *array.as<double>();
    case DType::i32:
      return static_cast<double>(*array.as<int32_t>());
    case DType::i64:
      return static_cast<double>(*array.as<int64_t>());
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Number> number(const Graph& graph, Edge edge, const Source& source) {
  if (const auto constant = ir::scalar(graph, behind(graph, edge, source.registry))) {
    const auto value = constant->number();
    return value ? std::optional(Number{*value, false}) : std::nullopt;
  }
  auto small = needed(graph, edge);
  if (!small) return std::nullopt;
  try {
    Model model;
    model.registry = source.registry;
    model.graph = std::move(*small);
    source.attach(model.graph);
    std::vector<std::pair<std::string, std::string>> ignored;
    normalise::PassContext context{model.graph, source.registry, source.control, false, ignored};
    normalise::choose_branches(context);
    weights::bind_variables(model.graph, source.lookup, source.control);
    bool varies = false;
    for (const Weight& weight : model.graph.weights) varies = varies || is_integer(weight.value.dtype);
    Runner runner(model, source.control);
    const auto results = runner.run({});
    const auto value = results.size() == 1 ? only_value(results.begin()->second) : std::nullopt;
    return value ? std::optional(Number{*value, varies}) : std::nullopt;
  } catch (const Error& error) {
    if (error.status() == Status::cancelled || error.status() == Status::memory) throw;
    return std::nullopt;
  }
}

}  // namespace keraft::training
