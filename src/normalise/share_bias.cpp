#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"
#include "normalise/window_ops.h"

namespace keraft::normalise {
namespace {

struct Shared {
  NodeId join = no_node;
  Edge bias;
};

/// A vector added to the last axis of parts of one size that lie side by side there, each a convolution turned around.
std::optional<Shared> shared_bias(const Graph& graph, const std::vector<std::vector<NodeId>>& readers, const Node& add) {
  const bool sum = add.op == "tf/Add" || add.op == "tf/AddV2";
  if (add.dead || (!sum && add.op != "tf/BiasAdd") || add.inputs.size() != 2 || channels_first(add)) return std::nullopt;
  const bool swapped = sum && graph.at(add.inputs[0].node).op == "ir/Weight";
  const Edge value = add.inputs[swapped ? 1 : 0], bias = add.inputs[swapped ? 0 : 1];
  const Node &join = graph.at(value.node), &vector = graph.at(bias.node);
  if (join.op != "tf/ConcatV2" || join.inputs.size() < 3 || vector.op != "ir/Weight") return std::nullopt;
  if (only_reader(readers, value.node) == no_node) return std::nullopt;
  const Shape all = graph.type(value).shape;
  const auto axis = ir::constant_ints(graph, join.inputs.back());
  const auto& dims = graph.weights[static_cast<size_t>(vector.weight)].value.dims;
  if (!all.has_rank() || all.rank() < 3 || !axis || axis->size() != 1 || dims.size() != 1 || !all.dims().back().is(dims[0]))
    return std::nullopt;
  if (axis->front() != -1 && axis->front() + 1 != static_cast<int64_t>(all.rank())) return std::nullopt;
  for (size_t i = 0; i + 1 < join.inputs.size(); ++i) {
    const Node& part = graph.at(join.inputs[i].node);
    const Shape shape = graph.type(join.inputs[i]).shape;
    if (!is_transposed_convolution(part) || channels_first(part) || only_reader(readers, join.inputs[i].node) == no_node ||
        !shape.has_rank() || !shape.dims().back().known() ||
        !(shape.dims().back() == graph.type(join.inputs[0]).shape.dims().back()))
      return std::nullopt;
  }
  return Shared{value.node, bias};
}

}  // namespace

/// The bias behind a transposed convolution in groups (Split → … → ConcatV2) is cut up: each group has its own part. No layer
/// of Keras is a transposed convolution in groups.
void share_bias(PassContext& context) {
  Graph& graph = context.graph;
  const auto readers = graph.readers();
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const auto found = shared_bias(graph, readers, graph.nodes[i]);
    if (!found) continue;
    const std::string name = graph.nodes[i].name;
    const auto parts = static_cast<int64_t>(graph.at(found->join).inputs.size()) - 1;
    Node cut;
    cut.name = name + "/parts";
    cut.op = "tf/Split";
    cut.inputs = {ir::add_ints(graph, cut.name + "/axis", {0}), found->bias};
    cut.attrs["num_split"] = parts;
    const TensorType vector = graph.type(found->bias);
    const int64_t size = vector.shape.dims().front().value() / parts;
    cut.outputs.assign(static_cast<size_t>(parts), {vector.dtype, Shape::of({size})});
    const NodeId split = graph.add(std::move(cut));
    Node joined = graph.at(found->join);
    joined.name = name;
    joined.outputs = graph.at(static_cast<NodeId>(i)).outputs;
    for (int32_t part = 0; part < parts; ++part) {
      Edge& conv = joined.inputs[static_cast<size_t>(part)];
      Node add;
      add.name = name + "/" + std::to_string(part);
      add.op = "tf/BiasAdd";
      add.inputs = {conv, {split, part}};
      add.outputs = {graph.type(conv)};
      conv = {graph.add(std::move(add)), 0};
    }
    rewire.set({static_cast<NodeId>(i), 0}, {graph.add(std::move(joined)), 0});
  }
  rewire.apply();
}

}  // namespace keraft::normalise
