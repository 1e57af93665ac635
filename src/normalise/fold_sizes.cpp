#include <algorithm>

#include "cards/infer.h"
#include "ir/constant.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// A shape for Reshape: one size may stay open.
std::optional<std::vector<int64_t>> with_one_open(const Dims& dims) {
  std::vector<int64_t> out;
  int open = 0;
  for (const Dim& dim : dims) {
    out.push_back(dim.known() ? dim.value() : -1);
    open += dim.known() && dim.value() >= 0 ? 0 : 1;
  }
  return open <= 1 ? std::optional(out) : std::nullopt;
}

std::optional<std::vector<int64_t>> numbers(const Dims& dims) {
  std::vector<int64_t> out;
  for (const Dim& dim : dims) {
    if (!dim.known()) return std::nullopt;
    out.push_back(dim.value());
  }
  return out;
}

}  // namespace

/// Inputs whose value is known from sizes become constants: Shape → StridedSlice → Pack → Reshape keeps only the Reshape.
void fold_sizes(PassContext& context) {
  Graph& graph = context.graph;
  const Inference inference = infer_types(graph, context.registry, context.control);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead) continue;
    for (size_t k = 0; k < graph.nodes[i].inputs.size(); ++k) {
      const Edge edge = graph.nodes[i].inputs[k];
      const auto& values = inference.ints.at(static_cast<size_t>(edge.node));
      if (ir::is_constant(graph, edge) || static_cast<size_t>(edge.port) >= values.size() ||
          !values[static_cast<size_t>(edge.port)])
        continue;
      const Dims& dims = *values[static_cast<size_t>(edge.port)];
      const TensorType type = graph.type(edge);
      if (!type.shape.has_rank() || (type.dtype != DType::i32 && type.dtype != DType::i64)) continue;
      auto known = numbers(dims);
      if (!known && graph.nodes[i].op == "tf/Reshape" && k == 1) known = with_one_open(dims);
      if (!known) continue;
      const std::string name = graph.nodes[i].name + "/folded_" + std::to_string(k);
      Edge constant = ir::add_ints(graph, name, *known, type.dtype);
      if (type.shape.rank() == 0) {
        Node& node = graph.at(constant.node);
        node.attrs["value"] = reshaped(*node.attrs["value"].get<Tensor>(), {});
        node.outputs[0].shape = Shape(Dims{});
      }
      graph.nodes[i].inputs[k] = constant;
    }
  }
}

}  // namespace keraft::normalise
