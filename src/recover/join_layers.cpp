#include "cards/layer_card.h"
#include "ir/operation.h"
#include "recover/recover.h"

namespace keraft::recover {
namespace {

/// Do all inputs have one rank, of a batch and more?
bool equal_ranks(const Graph& graph, const Node& node) {
  for (const Edge& edge : node.inputs) {
    const Shape shape = graph.type(edge).shape, first = graph.type(node.inputs.front()).shape;
    if (!shape.has_rank() || shape.rank() != first.rank() || shape.rank() < 2) return false;
  }
  return true;
}

}  // namespace

void join_layers(Graph& graph, const Registry& registry) {
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    Node& node = graph.nodes[id];
    if (node.dead || !is_operation(node) || !node.attrs.empty() || node.inputs.size() < 2) continue;
    const LayerCard* card = registry.layer(node.op.substr(operation_prefix.size()));
    if (!card || !card->is_operation || !equal_ranks(graph, node)) continue;
    Layer layer;
    layer.name = node.name;
    layer.cls = card->cls;
    layer.how = "metadata";
    node.op = "keras/" + card->cls;
    node.layer = static_cast<int32_t>(graph.layers.size());
    graph.layers.push_back(std::move(layer));
  }
}

}  // namespace keraft::recover
