#include "ir/constant.h"
#include "normalise/normalise.h"
#include "normalise/rewire.h"

namespace keraft::normalise {
namespace {

std::optional<std::vector<int64_t>> ints(const Graph& graph, Edge edge) {
  const Tensor* tensor = ir::constant(graph, edge);
  if (!tensor || !is_integer(tensor->dtype) || tensor->elements() > 16) return std::nullopt;
  return to_ints(*tensor);
}

std::vector<int64_t> kernel_size(const Graph& graph, const Node& conv) {
  const Shape shape = graph.type(conv.inputs.at(1)).shape;
  if (!shape.known() || shape.rank() != 4) return {};
  return {shape[0].value(), shape[1].value()};
}

/// "SAME" or "VALID" of the dilated convolution, or nothing when the paddings fit neither (formats.md 6.2).
std::optional<std::string> padding(const std::vector<int64_t>& block, const std::vector<int64_t>& pads,
                                   const std::vector<int64_t>& crops, const std::vector<int64_t>& kernel) {
  bool same = true, valid = true;
  for (size_t i = 0; i < 2; ++i) {
    const int64_t before = pads[2 * i], after = pads[2 * i + 1] - crops[2 * i + 1], total = (kernel[i] - 1) * block[i];
    if (crops[2 * i] != 0) return std::nullopt;
    same = same && before == total / 2 && after == total - total / 2;
    valid = valid && before == 0 && after == 0;
  }
  if (valid) return "VALID";
  return same ? std::optional<std::string>("SAME") : std::nullopt;
}

}  // namespace

/// SpaceToBatchND → convolution → [bias] → BatchToSpaceND is a dilated convolution.
void dilate(PassContext& context) {
  Graph& graph = context.graph;
  const auto readers = graph.readers();
  Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const Node& back = graph.nodes[i];
    if (back.dead || back.op != "tf/BatchToSpaceND" || back.inputs.size() != 3) continue;
    const Node& conv = graph.at(back.inputs[0].node);
    if ((conv.op != "tf/Conv2D" && conv.op != "tf/DepthwiseConv2dNative") ||
        readers[static_cast<size_t>(back.inputs[0].node)].size() != 1)
      continue;
    const Node& forth = graph.at(conv.inputs.at(0).node);
    if (forth.op != "tf/SpaceToBatchND" || forth.inputs.size() != 3) continue;
    const auto block = ints(graph, forth.inputs[1]), pads = ints(graph, forth.inputs[2]),
               same_block = ints(graph, back.inputs[1]), crops = ints(graph, back.inputs[2]);
    const auto kernel = kernel_size(graph, conv);
    const auto old_padding = conv.attrs.find("padding");
    const auto strides = conv.attrs.find("strides");
    if (!block || !pads || !crops || block != same_block || block->size() != 2 || pads->size() != 4 || crops->size() != 4 ||
        kernel.empty())
      continue;
    if (old_padding == conv.attrs.end() || !(old_padding->second == Value("VALID"))) continue;
    if (strides == conv.attrs.end() || !(strides->second == Value::ints({1, 1, 1, 1}))) continue;
    const auto kind = padding(*block, *pads, *crops, kernel);
    if (!kind) continue;
    Node fresh = conv;
    fresh.inputs[0] = forth.inputs[0];
    fresh.attrs["padding"] = *kind;
    fresh.attrs["dilations"] = Value::ints({1, (*block)[0], (*block)[1], 1});
    fresh.outputs = back.outputs;
    rewire.set({static_cast<NodeId>(i), 0}, {graph.add(std::move(fresh)), 0});
  }
  rewire.apply();
}

}  // namespace keraft::normalise
