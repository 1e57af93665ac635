#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// The number that all elements are.
std::optional<double> filled(const Graph& graph, Edge edge, int depth = 0) {
  const Node& node = graph.at(edge.node);
  if (const auto value = ir::scalar(graph, edge)) return value->number();
  if (depth > 4 || node.inputs.empty()) return std::nullopt;
  if (node.op == "tf/ZerosLike") return 0;
  if (node.op == "tf/OnesLike") return 1;
  if (node.op == "tf/Fill" && node.inputs.size() == 2) return filled(graph, node.inputs[1], depth + 1);
  if (node.op != "tf/Mul" || node.inputs.size() != 2) return std::nullopt;
  const auto a = filled(graph, node.inputs[0], depth + 1), b = filled(graph, node.inputs[1], depth + 1);
  return a && b && (*a == 1 || *b == 1 || (*a == 0 && *b == 0)) ? std::optional(*a * *b) : std::nullopt;
}

struct Border {
  int64_t before = 0, behind = 0;
  double value = 0;
  size_t axis = 0;
  Edge x;
};

/// ConcatV2 of one tensor and of one number over and over, before it, behind it, or both.
std::optional<Border> border(const Graph& graph, const Node& join) {
  if (join.op != "tf/ConcatV2" || join.inputs.size() < 3 || join.inputs.size() > 4 || join.outputs.empty()) return std::nullopt;
  const Shape out = join.outputs[0].shape;
  const auto axis = ir::constant_ints(graph, join.inputs.back());
  if (!axis || axis->size() != 1 || !out.has_rank() || !is_floating(join.outputs[0].dtype)) return std::nullopt;
  const auto rank = static_cast<int64_t>(out.rank());
  const int64_t at = axis->front() + (axis->front() < 0 ? rank : 0);
  if (at < 1 || at >= rank) return std::nullopt;
  Border found;
  found.axis = static_cast<size_t>(at);
  std::optional<double> value;
  bool inside = false;
  for (size_t i = 0; i + 1 < join.inputs.size(); ++i) {
    const auto number = filled(graph, join.inputs[i]);
    if (!number) {
      if (inside) return std::nullopt;
      inside = true;
      found.x = join.inputs[i];
      continue;
    }
    const Shape shape = graph.type(join.inputs[i]).shape;
    if (!shape.has_rank() || shape.rank() != out.rank() || !shape[found.axis].known() || (value && *value != *number))
      return std::nullopt;
    value = number;
    (inside ? found.behind : found.before) += shape[found.axis].value();
  }
  if (!inside || !value) return std::nullopt;
  found.value = *value;
  return found;
}

}  // namespace

/// A border that is joined to a tensor is padding.
void pad_by_joining(PassContext& context) {
  Graph& graph = context.graph;
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead) continue;
    const auto found = border(graph, graph.nodes[i]);
    const DType dtype = found ? graph.nodes[i].outputs[0].dtype : DType::invalid;
    if (!found || (found->value != 0 && dtype != DType::f32)) continue;
    const std::string name = graph.nodes[i].name;
    const size_t rank = graph.nodes[i].outputs[0].shape.rank();
    std::vector<int32_t> table(2 * rank, 0);
    if (found->before > INT32_MAX || found->behind > INT32_MAX) continue;
    table[2 * found->axis] = static_cast<int32_t>(found->before);
    table[2 * found->axis + 1] = static_cast<int32_t>(found->behind);
    std::vector<Edge> inputs{
        found->x,
        ir::add_constant(graph, name + "/paddings", make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(rank), 2}, table))};
    if (found->value != 0) {
      const auto value = static_cast<float>(found->value);
      inputs.push_back(ir::add_constant(graph, name + "/value", make_tensor<float>(DType::f32, {}, std::span(&value, 1))));
    }
    Node& node = graph.nodes[i];
    node.op = found->value != 0 ? "tf/PadV2" : "tf/Pad";
    node.inputs = std::move(inputs);
    node.attrs = {{"T", dtype}, {"Tpaddings", DType::i32}};
  }
}

}  // namespace keraft::normalise
