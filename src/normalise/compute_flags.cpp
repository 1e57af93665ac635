#include "cards/evaluate.h"
#include "cards/infer.h"
#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

constexpr int64_t most_elements = 4096;

/// What passes its input on may tell a variable that was frozen from a constant.
bool foldable(const Node& node, const OpCard* card) {
  return !node.dead && node.op.starts_with("tf/") && node.op != "tf/Const" && card && card->kernel_fn && !card->effects &&
         !card->passes && !node.inputs.empty() && node.op != "tf/Merge" && node.op != "tf/Switch";
}

/// A small constant, or sizes that inference knows as numbers. Vectors of reals are weights and stay.
std::optional<Tensor> value_of(const Graph& graph, const Inference& inference, Edge edge) {
  if (const Tensor* tensor = graph.at(edge.node).op == "tf/Const" ? ir::constant(graph, edge) : nullptr) {
    const bool plain =
        tensor->dtype == DType::boolean || is_integer(tensor->dtype) || (is_floating(tensor->dtype) && tensor->dims.empty());
    return plain && tensor->elements() <= most_elements ? std::optional(*tensor) : std::nullopt;
  }
  const auto& values = inference.ints.at(static_cast<size_t>(edge.node));
  const TensorType type = graph.type(edge);
  if (static_cast<size_t>(edge.port) >= values.size() || !values[static_cast<size_t>(edge.port)] || !type.shape.known())
    return std::nullopt;
  std::vector<int64_t> numbers;
  for (const Dim& dim : *values[static_cast<size_t>(edge.port)]) {
    if (!dim.known()) return std::nullopt;
    numbers.push_back(dim.value());
  }
  if (type.dtype == DType::i64) return make_tensor<int64_t>(DType::i64, type.shape.values(), numbers);
  if (type.dtype != DType::i32) return std::nullopt;
  const std::vector<int32_t> narrow(numbers.begin(), numbers.end());
  return make_tensor<int32_t>(DType::i32, type.shape.values(), narrow);
}

bool fold_once(PassContext& context) {
  Graph& graph = context.graph;
  const Inference inference = infer_types(graph, context.registry, context.control);
  bool any = false;
  for (const NodeId id : graph.order()) {
    Node& node = graph.at(id);
    const OpCard* card = context.registry.op(node.op);
    if (!foldable(node, card)) continue;
    std::vector<Tensor> inputs;
    for (const Edge& edge : node.inputs) {
      auto value = value_of(graph, inference, edge);
      if (!value) break;
      inputs.push_back(std::move(*value));
    }
    if (inputs.size() != node.inputs.size()) continue;
    auto results = cards::evaluate(node, *card, inputs, most_elements);
    if (!results || results->size() != 1 || (is_floating((*results)[0].dtype) && !(*results)[0].dims.empty())) continue;
    node.op = "tf/Const";
    node.inputs.clear();
    node.control.clear();
    node.outputs = {{(*results)[0].dtype, Shape::of((*results)[0].dims)}};
    node.attrs = {{"dtype", (*results)[0].dtype}, {"value", std::move((*results)[0])}};
    any = true;
  }
  return any;
}

}  // namespace

/// Computations on sizes, flags and single numbers become constants: what decides a branch, how an image is cropped.
void compute_flags(PassContext& context) {
  for (int round = 0; round < 8 && fold_once(context); ++round) context.graph.prune();
}

void compute_sizes(PassContext& context) { compute_flags(context); }

}  // namespace keraft::normalise
