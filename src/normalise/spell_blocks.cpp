#include "ir/constant.h"
#include "ir/rewire.h"
#include "normalise/normalise.h"

#include "cards/infer.h"

namespace keraft::normalise {
namespace {

Edge reshaped(PassContext& context, Edge x, const std::string& name, const std::vector<int64_t>& sizes) {
  const Edge shape = ir::add_ints(context.graph, name + "/shape", sizes);
  Node node;
  node.op = "tf/Reshape";
  node.name = name;
  node.inputs = {x, shape};
  return {add_op(context.graph, context.registry, std::move(node)), 0};
}

/// Blocks are axes of their own for a moment, which change their places.
std::optional<Edge> spelled(PassContext& context, Edge x, const std::string& name, bool to_space, int64_t block) {
  const Shape shape = context.graph.type(x).shape;
  for (size_t i = 1; i < 4; ++i) {
    if (!shape[i].known() || shape[i].value() < 1) return std::nullopt;
  }
  const int64_t h = shape[1].value(), w = shape[2].value(), c = shape[3].value();
  std::vector<int64_t> inner, outer;
  if (to_space) {
    inner = {-1, h, w, block, block, c / (block * block)};
    outer = {-1, h * block, w * block, c / (block * block)};
  } else {
    inner = {-1, h / block, block, w / block, block, c};
    outer = {-1, h / block, w / block, block * block * c};
  }
  const Edge blocks = reshaped(context, x, name + "/blocks", inner);
  const Edge order = ir::add_ints(context.graph, name + "/order", {0, 1, 3, 2, 4, 5});
  Node node;
  node.op = "tf/Transpose";
  node.name = name + "/places";
  node.inputs = {blocks, order};
  return reshaped(context, {add_op(context.graph, context.registry, std::move(node)), 0}, name + "/images", outer);
}

}  // namespace

/// DepthToSpace and SpaceToDepth of images of known sizes: Reshape, Transpose and Reshape, for which there are layers.
void spell_blocks(PassContext& context) {
  Graph& graph = context.graph;
  ir::Rewire rewire(graph);
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    const Node node = graph.nodes[i];
    if (node.dead || (node.op != "tf/DepthToSpace" && node.op != "tf/SpaceToDepth") || node.inputs.size() != 1) continue;
    const auto block = node.attrs.find("block_size"), format = node.attrs.find("data_format");
    const auto* size = block == node.attrs.end() ? nullptr : block->second.get<int64_t>();
    const Shape shape = graph.type(node.inputs[0]).shape;
    if (!size || *size < 2 || !shape.has_rank() || shape.rank() != 4) continue;
    if (format != node.attrs.end() && format->second != Value("NHWC")) continue;
    if (const auto y = spelled(context, node.inputs[0], node.name, node.op == "tf/DepthToSpace", *size))
      rewire.set({static_cast<NodeId>(i), 0}, *y);
  }
  rewire.apply();
}

}  // namespace keraft::normalise
