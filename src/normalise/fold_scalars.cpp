#include <algorithm>
#include <cmath>

#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

template <class T>
std::optional<T> computed(std::string_view op, T a, T b) {
  if (op == "tf/Add" || op == "tf/AddV2") return a + b;
  if (op == "tf/Sub") return a - b;
  if (op == "tf/Mul") return a * b;
  if (op == "tf/RealDiv" || op == "tf/Div") return a / b;
  if (op == "tf/Maximum") return std::max(a, b);
  if (op == "tf/Minimum") return std::min(a, b);
  if (op == "tf/Pow") return std::pow(a, b);
  if (op == "tf/Neg") return -a;
  if (op == "tf/Sqrt") return std::sqrt(a);
  if (op == "tf/Rsqrt") return 1 / std::sqrt(a);
  if (op == "tf/Reciprocal" || op == "tf/Inv") return 1 / a;
  if (op == "tf/Square") return a * a;
  return std::nullopt;
}

const Tensor* scalar(const Graph& graph, Edge edge) {
  const Tensor* tensor = ir::constant(graph, edge);
  return tensor && tensor->dims.empty() ? tensor : nullptr;
}

template <class T>
std::optional<Tensor> value(const Graph& graph, const Node& node, DType dtype) {
  T numbers[2] = {0, 0};
  if (node.inputs.empty() || node.inputs.size() > 2) return std::nullopt;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const Tensor* tensor = scalar(graph, node.inputs[i]);
    if (!tensor || tensor->dtype != dtype) return std::nullopt;
    numbers[i] = tensor->as<T>().front();
  }
  const auto result = computed<T>(node.op, numbers[0], numbers[1]);
  return result ? std::optional(make_tensor<T>(dtype, {}, std::span(&*result, 1))) : std::nullopt;
}

/// A Cast to float32 or float64.
std::optional<Tensor> cast(const Graph& graph, const Node& node) {
  const Tensor* tensor = node.inputs.size() == 1 ? scalar(graph, node.inputs[0]) : nullptr;
  if (!tensor || node.outputs.empty()) return std::nullopt;
  if (!is_floating(tensor->dtype) && !is_integer(tensor->dtype)) return std::nullopt;
  const double number = to_doubles(*tensor).front();
  const auto narrow = static_cast<float>(number);
  if (node.outputs[0].dtype == DType::f32) return make_tensor<float>(DType::f32, {}, std::span(&narrow, 1));
  if (node.outputs[0].dtype == DType::f64) return make_tensor<double>(DType::f64, {}, std::span(&number, 1));
  return std::nullopt;
}

}  // namespace

/// Arithmetic on scalar constants becomes a constant: 1 / sqrt(2), negated thresholds. Vectors stay: they may be weights.
void fold_scalars(PassContext& context) {
  Graph& graph = context.graph;
  for (const NodeId id : graph.order()) {
    Node& node = graph.at(id);
    if (node.outputs.size() != 1) continue;
    auto folded = node.op == "tf/Cast" ? cast(graph, node) : value<float>(graph, node, DType::f32);
    if (!folded) folded = value<double>(graph, node, DType::f64);
    if (!folded) continue;
    node.op = "tf/Const";
    node.inputs.clear();
    node.outputs = {{folded->dtype, Shape(Dims{})}};
    node.attrs = {{"dtype", folded->dtype}, {"value", std::move(*folded)}};
  }
}

}  // namespace keraft::normalise
