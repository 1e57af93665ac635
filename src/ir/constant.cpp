#include "ir/constant.h"

#include <algorithm>

#include "ir/number.h"

namespace keraft::ir {

const Tensor* constant(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  if (node.op == "tf/Const") {
    const auto found = node.attrs.find("value");
    return found == node.attrs.end() ? nullptr : found->second.get<Tensor>();
  }
  if (node.op != "ir/Weight") return nullptr;
  const Weight& weight = graph.weights.at(static_cast<size_t>(node.weight));
  return weight.variable ? nullptr : &weight.value;
}

std::optional<Value> scalar(const Graph& graph, Edge edge) {
  const Tensor* tensor = constant(graph, edge);
  if (!tensor || tensor->elements() != 1) return std::nullopt;
  if (is_integer(tensor->dtype)) return Value(to_ints(*tensor).front());
  if (tensor->dtype == DType::boolean) return Value(to_ints(*tensor).front() != 0);
  if (!is_floating(tensor->dtype)) return std::nullopt;
  return Value(shortest(to_doubles(*tensor).front()));
}

std::optional<std::vector<int64_t>> constant_ints(const Graph& graph, Edge edge) {
  const Tensor* tensor = constant(graph, edge);
  if (!tensor || !is_integer(tensor->dtype) || tensor->dims.size() > 1 || tensor->elements() > 64) return std::nullopt;
  return to_ints(*tensor);
}

bool filled_with(const Graph& graph, Edge edge, const std::function<bool(double)>& test) {
  const Tensor* tensor = constant(graph, edge);
  if (!tensor || !(is_floating(tensor->dtype) || is_integer(tensor->dtype))) return false;
  const int64_t count = tensor->elements();
  if (count < 1 || count > (1 << 20)) return false;
  const std::vector<double> values = to_doubles(*tensor);
  return std::all_of(values.begin(), values.end(), test);
}

Edge add_constant(Graph& graph, std::string name, Tensor value) {
  Node node;
  node.name = std::move(name);
  node.op = "tf/Const";
  node.outputs = {{value.dtype, Shape::of(value.dims)}};
  node.attrs["dtype"] = value.dtype;
  node.attrs["value"] = std::move(value);
  return {graph.add(std::move(node)), 0};
}

Edge add_ints(Graph& graph, std::string name, const std::vector<int64_t>& values, DType dtype) {
  const std::vector<int64_t> dims{static_cast<int64_t>(values.size())};
  if (dtype == DType::i64) return add_constant(graph, std::move(name), make_tensor<int64_t>(dtype, dims, values));
  const std::vector<int32_t> narrow(values.begin(), values.end());
  return add_constant(graph, std::move(name), make_tensor<int32_t>(DType::i32, dims, narrow));
}

std::vector<bool> constant_nodes(const Graph& graph) {
  std::vector<bool> out(graph.nodes.size(), false);
  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    const bool source = node.op == "ir/Weight" || node.op == "tf/Const";
    const bool raw = node.layer < 0 && node.op.starts_with("tf/") && !node.inputs.empty();
    out[static_cast<size_t>(id)] = source || (raw && std::all_of(node.inputs.begin(), node.inputs.end(), [&](Edge edge) {
                                                return out[static_cast<size_t>(edge.node)];
                                              }));
  }
  return out;
}

}  // namespace keraft::ir
