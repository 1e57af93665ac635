#include <algorithm>

#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"

namespace keraft::normalise {
namespace {

/// Every step of an axis `times` in a row.
struct Repeat {
  Edge x;
  size_t axis = 0;
  int64_t times = 0;
};

std::optional<size_t> axis_of(const Graph& graph, Edge edge, size_t rank) {
  const auto axis = ir::constant_ints(graph, edge);
  if (!axis || axis->size() != 1) return std::nullopt;
  const int64_t at = axis->front() + (axis->front() < 0 ? static_cast<int64_t>(rank) : 0);
  return at < 1 || at >= static_cast<int64_t>(rank) ? std::nullopt : std::optional(static_cast<size_t>(at));
}

/// ConcatV2 of the steps that Split gives, each of them several times.
std::optional<Repeat> of_steps(const Graph& graph, const Node& join) {
  if (join.op != "tf/ConcatV2" || join.inputs.size() < 3) return std::nullopt;
  const Node& split = graph.at(join.inputs[0].node);
  if (split.op != "tf/Split" || split.inputs.size() != 2) return std::nullopt;
  const auto parts = split.attrs.find("num_split");
  const auto* count = parts == split.attrs.end() ? nullptr : parts->second.get<int64_t>();
  const Shape shape = graph.type(split.inputs[1]).shape;
  const auto joined = static_cast<int64_t>(join.inputs.size()) - 1;
  if (!count || *count < 1 || joined % *count != 0 || !shape.has_rank()) return std::nullopt;
  const auto cut = axis_of(graph, split.inputs[0], shape.rank()), axis = axis_of(graph, join.inputs.back(), shape.rank());
  if (!cut || cut != axis || !shape[*cut].is(*count)) return std::nullopt;
  const int64_t times = joined / *count;
  for (int64_t i = 0; i < joined; ++i) {
    const Edge step = join.inputs[static_cast<size_t>(i)];
    if (step.node != join.inputs[0].node || step.port != i / times) return std::nullopt;
  }
  return Repeat{split.inputs[1], *cut, times};
}

/// GatherV2 with the indices 0, 0, 1, 1, …
std::optional<Repeat> of_indices(const Graph& graph, const Node& gather) {
  if (gather.op != "tf/GatherV2" || gather.inputs.size() != 3) return std::nullopt;
  const Shape shape = graph.type(gather.inputs[0]).shape;
  const Tensor* indices = ir::constant(graph, gather.inputs[1]);
  if (!shape.has_rank() || !indices || !is_integer(indices->dtype) || indices->dims.size() != 1 || indices->dims[0] > 1 << 20)
    return std::nullopt;
  const auto axis = axis_of(graph, gather.inputs[2], shape.rank());
  const auto batch = gather.attrs.find("batch_dims");
  if (!axis || !shape[*axis].known() || shape[*axis].value() < 1 || (batch != gather.attrs.end() && batch->second != Value(0)))
    return std::nullopt;
  const int64_t size = shape[*axis].value(), count = indices->dims[0];
  if (count % size != 0 || count == size) return std::nullopt;
  const auto values = to_ints(*indices);
  for (int64_t i = 0; i < count; ++i) {
    if (values[static_cast<size_t>(i)] != i / (count / size)) return std::nullopt;
  }
  return Repeat{gather.inputs[0], *axis, count / size};
}

/// ExpandDims → Tile → Reshape: an axis is repeated behind itself, and both become one.
std::optional<Repeat> of_tiles(const Graph& graph, const Node& merge) {
  if (merge.op != "tf/Reshape" || merge.inputs.empty()) return std::nullopt;
  const Node& tile = graph.at(merge.inputs[0].node);
  if (tile.op != "tf/Tile" || tile.inputs.size() != 2) return std::nullopt;
  const Node& wide = graph.at(tile.inputs[0].node);
  if (wide.op != "tf/ExpandDims" || wide.inputs.size() != 2) return std::nullopt;
  const Shape in = graph.type(wide.inputs[0]).shape;
  const auto times = ir::constant_ints(graph, tile.inputs[1]);
  if (!in.has_rank() || !times || times->size() != in.rank() + 1 || merge.outputs.empty()) return std::nullopt;
  const auto behind = axis_of(graph, wide.inputs[1], in.rank() + 1);
  if (!behind || *behind < 2) return std::nullopt;
  for (size_t i = 0; i < times->size(); ++i) {
    if (i != *behind && (*times)[i] != 1) return std::nullopt;
  }
  Dims out = in.dims();
  out[*behind - 1] = out[*behind - 1] * Dim((*times)[*behind]);
  const bool vector = in.rank() == 3 && in[*behind - 1].is(1);  // a vector repeated is RepeatVector
  if (vector || !(merge.outputs[0].shape == Shape(out))) return std::nullopt;
  return Repeat{wide.inputs[0], *behind - 1, (*times)[*behind]};
}

}  // namespace

/// Every spelling of a repetition becomes ir/Repeat.
void spell_repeats(PassContext& context) {
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    if (node.dead) continue;
    auto repeat = of_steps(graph, node);
    if (!repeat) repeat = of_indices(graph, node);
    if (!repeat) repeat = of_tiles(graph, node);
    if (!repeat) continue;
    if (repeat->times == 1) {
      rewire.set({static_cast<NodeId>(i), 0}, repeat->x);
      continue;
    }
    node.op = "ir/Repeat";
    node.inputs = {repeat->x};
    node.attrs = {{"axis", static_cast<int64_t>(repeat->axis)}, {"times", repeat->times}};
  }
  rewire.apply();
}

}  // namespace keraft::normalise
