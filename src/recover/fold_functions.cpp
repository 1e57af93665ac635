#include <algorithm>

#include "cards/layer_card.h"
#include "recover/recover.h"
#include "recover/scope.h"

namespace keraft::recover {
namespace {

/// Source scopes that keep a function apart from the layer before it: "act/Relu" behind "conv/BiasAdd". A function without a
/// scope of its own, or in the layer's scope, belongs to the layer.
bool kept_apart(const Node& layer, const Node& function) {
  const std::string mine = scope(layer.from.front()), other = scope(function.from.front());
  return !other.empty() && other != mine && !mine.starts_with(other + "/");
}

}  // namespace

void fold_functions(Graph& graph, const Registry& registry) {
  std::vector<int> uses(graph.nodes.size(), 0), calls(graph.layers.size(), 0);
  for (const Node& node : graph.nodes) {
    if (node.dead) continue;
    for (const Edge& edge : node.inputs) ++uses[static_cast<size_t>(edge.node)];
    if (node.layer >= 0) ++calls[static_cast<size_t>(node.layer)];
  }
  for (const Port& port : graph.outputs) ++uses[static_cast<size_t>(port.edge.node)];

  for (const NodeId id : graph.order()) {
    const Node& node = graph.at(id);
    if (node.layer < 0 || node.inputs.size() != 1) continue;
    const Layer& function = graph.layers[static_cast<size_t>(node.layer)];
    const LayerCard* card = registry.layer(function.cls);
    if (!card || card->folds_field.empty()) continue;
    const NodeId before = node.inputs.front().node;
    Node& target = graph.at(before);
    if (target.layer < 0 || uses[static_cast<size_t>(before)] != 1 || calls[static_cast<size_t>(target.layer)] != 1) continue;
    Layer& layer = graph.layers[static_cast<size_t>(target.layer)];
    const LayerCard* host = registry.layer(layer.cls);
    const LayerCard::Field* field = host ? host->field(card->folds_field) : nullptr;
    if (!field || !field->fallback || layer.cls == function.cls || layer.config.contains(field->name)) continue;
    if (kept_apart(target, node)) continue;
    layer.config[field->name] = card->value(function.config, card->folds_field);
    target.from.insert(target.from.begin(), node.from.begin(), node.from.end());
    target.name = node.name;
    for (Node& reader : graph.nodes) {
      if (reader.dead) continue;
      std::replace(reader.inputs.begin(), reader.inputs.end(), Edge{id, 0}, Edge{before, 0});
    }
    for (Port& port : graph.outputs) {
      if (port.edge == Edge{id, 0}) port.edge = {before, 0};
    }
    uses[static_cast<size_t>(before)] = uses[static_cast<size_t>(id)];
    graph.at(id).dead = true;
  }
}

}  // namespace keraft::recover
