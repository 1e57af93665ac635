#include "normalise/normalise.h"
#include "normalise/window_ops.h"

namespace keraft::normalise {
namespace {

/// The convolution whose result `edge` is, or no_node.
const Node* convolution(const Graph& graph, Edge edge) {
  const Node* node = &graph.at(edge.node);
  if (node->op == "tf/Squeeze" && !node->inputs.empty()) node = &graph.at(node->inputs[0].node);
  return is_convolution(*node) || is_transposed_convolution(*node) ? node : nullptr;
}

/// One number for each channel of `shape`, and sizes of 1 for what comes behind.
bool by_channel(const std::vector<int64_t>& dims, const Shape& shape, bool first) {
  if (!shape.has_rank() || dims.empty() || dims.size() > shape.rank()) return false;
  const size_t channel = first ? 1 : shape.rank() - 1, skipped = shape.rank() - dims.size();
  if (channel < skipped || !shape[channel].is(dims[channel - skipped])) return false;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (i + skipped != channel && dims[i] != 1) return false;
  }
  return true;
}

}  // namespace

/// A weight with a number for each channel that is added to a convolution is its bias.
void spell_bias(PassContext& context) {
  Graph& graph = context.graph;
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const Node& add = graph.nodes[i];
    if (add.dead || (add.op != "tf/Add" && add.op != "tf/AddV2") || add.inputs.size() != 2) continue;
    const bool swapped = graph.at(add.inputs[0].node).op == "ir/Weight";
    const Edge value = add.inputs[swapped ? 1 : 0], bias = add.inputs[swapped ? 0 : 1];
    const Node* conv = convolution(graph, value);
    if (!conv || graph.at(bias.node).op != "ir/Weight") continue;
    const int32_t base = graph.at(bias.node).weight;
    const std::vector<int64_t> dims = graph.weights[static_cast<size_t>(base)].value.dims;
    const bool first = channels_first(*conv);
    if (!by_channel(dims, graph.type(value).shape, first)) continue;
    Edge vector = bias;
    if (dims.size() > 1) {
      Weight view = graph.weights[static_cast<size_t>(base)];
      view.value = reshaped(view.value, {view.value.elements()});
      view.view_of = base;
      Node node;
      node.name = graph.nodes[i].name + "/bias";
      node.op = "ir/Weight";
      node.weight = static_cast<int32_t>(graph.weights.size());
      node.outputs = {{view.value.dtype, Shape::of(view.value.dims)}};
      graph.weights.push_back(std::move(view));
      vector = {graph.add(std::move(node)), 0};
    }
    Node& out = graph.nodes[i];
    out.op = "tf/BiasAdd";
    out.inputs = {value, vector};
    out.attrs["data_format"] = first ? "NCHW" : "NHWC";
  }
}

}  // namespace keraft::normalise
