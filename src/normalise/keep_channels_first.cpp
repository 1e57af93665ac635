#include <algorithm>
#include <set>

#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"
#include "normalise/window_ops.h"

namespace keraft::normalise {
namespace {

const std::set<std::string, std::less<>> windows{
    "tf/Conv2D", "tf/DepthwiseConv2dNative", "tf/Conv3D", "tf/MaxPool", "tf/AvgPool", "tf/MaxPool3D", "tf/AvgPool3D"};

bool slides(const Node& node) { return windows.contains(node.op) || is_transposed_convolution(node); }

std::optional<std::vector<int64_t>> order(const Graph& graph, const Node& node) {
  return node.op == "tf/Transpose" && node.inputs.size() == 2 ? ir::constant_ints(graph, node.inputs[1]) : std::nullopt;
}

/// Moves the channels from axis 1 to the end (else from the end to axis 1)?
bool moves_channels(const std::vector<int64_t>& perm, bool to_end) {
  const auto rank = static_cast<int64_t>(perm.size());
  if (rank < 3 || perm[0] != 0) return false;
  for (int64_t i = 1; i < rank; ++i) {
    const int64_t from = to_end ? (i + 1 < rank ? i + 1 : 1) : (i == 1 ? rank - 1 : i - 1);
    if (perm[static_cast<size_t>(i)] != from) return false;
  }
  return true;
}

/// Entries for [batch, space…, channels] as [batch, channels, space…], each of `width` numbers.
Value channels_second(const Value& value, size_t width) {
  auto all = value.as_ints().value_or(std::vector<int64_t>{});
  if (all.size() < 3 * width) return value;
  std::rotate(all.begin() + static_cast<std::ptrdiff_t>(width), all.end() - static_cast<std::ptrdiff_t>(width), all.end());
  return Value::ints(all);
}

/// Which input is the image.
size_t data_input(const Node& node) { return is_transposed_convolution(node) ? 2 : 0; }

/// Sizes [batch, space…, channels] as [batch, channels, space…].
Edge sizes_turned(Graph& graph, const std::string& name, Edge sizes, size_t rank) {
  std::vector<int64_t> order{0, static_cast<int64_t>(rank) - 1};
  for (size_t i = 1; i + 1 < rank; ++i) order.push_back(static_cast<int64_t>(i));
  const int32_t zero = 0;
  Node gather;
  gather.name = name + "/sizes";
  gather.op = "tf/GatherV2";
  gather.inputs = {sizes, ir::add_ints(graph, name + "/order", order),
                   ir::add_constant(graph, name + "/axis", make_tensor<int32_t>(DType::i32, {}, std::span(&zero, 1)))};
  gather.outputs = {graph.type(sizes)};
  return {graph.add(std::move(gather)), 0};
}

/// The node between the two transposes as it is with channels at axis 1; nothing when it has no such form.
std::optional<Node> turned(Graph& graph, NodeId id) {
  Node node = graph.at(id);
  const size_t data = data_input(node);
  if (node.inputs.size() <= data) return std::nullopt;
  const Shape shape = graph.type(node.inputs[data]).shape;
  if (!shape.has_rank()) return std::nullopt;
  const auto space = [&](int64_t axis, size_t rank) -> std::optional<int64_t> {
    if (axis < 0) axis += static_cast<int64_t>(rank);
    return axis >= 1 && axis + 1 < static_cast<int64_t>(rank) ? std::optional(axis + 1) : std::nullopt;
  };
  if (slides(node)) {
    if (channels_first(node)) return std::nullopt;
    if (data == 2 && graph.type(node.inputs[0]).shape != Shape{Dim(static_cast<int64_t>(shape.rank()))}) return std::nullopt;
    if (data == 2) node.inputs[0] = sizes_turned(graph, node.name, node.inputs[0], shape.rank());
    node.attrs["data_format"] = shape.rank() == 5 ? "NCDHW" : "NCHW";
    for (const char* list : {"strides", "ksize", "dilations", "explicit_paddings"}) {
      if (Value* found = node.attrs.edit(list))
        *found = channels_second(*found, list == std::string_view("explicit_paddings") ? 2 : 1);
    }
  } else if (node.op == "tf/BiasAdd") {
    if (channels_first(node)) return std::nullopt;
    node.attrs["data_format"] = "NCHW";
  } else if (node.op == "ir/Repeat") {
    const auto axis = space(*node.attrs.at("axis").get<int64_t>(), shape.rank());
    if (!axis) return std::nullopt;
    node.attrs["axis"] = *axis;
  } else if (node.op == "tf/ExpandDims") {
    const auto old = ir::constant_ints(graph, node.inputs.at(1));
    const auto axis = old && old->size() == 1 ? space(old->front(), shape.rank() + 1) : std::nullopt;
    if (!axis) return std::nullopt;
    const auto value = static_cast<int32_t>(*axis);
    node.inputs[1] = ir::add_constant(graph, node.name + "/axis", make_tensor<int32_t>(DType::i32, {}, std::span(&value, 1)));
  } else if (node.op == "tf/Squeeze") {
    const auto found = node.attrs.find("squeeze_dims");
    const auto old = found == node.attrs.end() ? std::nullopt : found->second.as_ints();
    const auto axis = old && old->size() == 1 ? space(old->front(), shape.rank()) : std::nullopt;
    if (!axis) return std::nullopt;
    node.attrs["squeeze_dims"] = Value::ints({*axis});
  } else {
    return std::nullopt;
  }
  return node;
}

}  // namespace

/// Transpose → ops over channels_last → Transpose back is the same ops over channels_first.
void keep_channels_first(PassContext& context) {
  if (!context.keep_data_format) return;
  Graph& graph = context.graph;
  const auto readers = graph.readers();
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    if (graph.nodes[i].dead) continue;
    const auto back = order(graph, graph.nodes[i]);
    if (!back || !moves_channels(*back, false)) continue;
    std::vector<Node> chain;
    NodeId id = graph.nodes[i].inputs[0].node;
    bool any = false;
    while (!order(graph, graph.at(id)) && only_reader(readers, id) != no_node) {
      auto node = turned(graph, id);
      if (!node) break;
      any = any || slides(*node) || node->op == "ir/Repeat";
      chain.push_back(std::move(*node));
      id = chain.back().inputs[data_input(chain.back())].node;
    }
    const auto forth = order(graph, graph.at(id));
    if (!any || !forth || !moves_channels(*forth, true)) continue;
    Edge x = graph.at(id).inputs[0];
    for (auto node = chain.rbegin(); node != chain.rend(); ++node) {
      node->inputs[data_input(*node)] = x;
      node->outputs.clear();
      x = {graph.add(std::move(*node)), 0};
    }
    rewire.set({static_cast<NodeId>(i), 0}, x);
  }
  rewire.apply();
}

}  // namespace keraft::normalise
