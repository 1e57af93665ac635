#include <map>
#include <set>

#include "recover/recover.h"

namespace keraft::recover {
namespace {

bool same_slots(const Graph& graph, const Layer& a, const Layer& b) {
  if (a.slots.size() != b.slots.size()) return false;
  for (size_t i = 0; i < a.slots.size(); ++i) {
    const Slot &x = a.slots[i], &y = b.slots[i];
    if (x.name != y.name || graph.root(x.weight) != graph.root(y.weight) || x.value.dims != y.value.dims) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> share_layers(Graph& graph) {
  std::map<int32_t, std::vector<int32_t>> layers_of;  // weight → layers, in graph order
  std::vector<int32_t> kept(graph.layers.size());
  std::set<std::string> copied;
  std::set<int32_t> seen;
  for (const NodeId id : graph.order()) {
    const int32_t mine = graph.at(id).layer;
    if (mine < 0 || !seen.insert(mine).second) continue;
    kept[static_cast<size_t>(mine)] = mine;
    const Layer& layer = graph.layers[static_cast<size_t>(mine)];
    if (layer.slots.empty()) continue;
    for (const int32_t other : layers_of[graph.root(layer.slots.front().weight)]) {
      const Layer& first = graph.layers[static_cast<size_t>(other)];
      if (first.cls == layer.cls && first.config == layer.config && same_slots(graph, first, layer)) {
        kept[static_cast<size_t>(mine)] = other;
        break;
      }
    }
    if (kept[static_cast<size_t>(mine)] != mine) continue;
    for (const Slot& slot : layer.slots) {
      auto& users = layers_of[graph.root(slot.weight)];
      if (!users.empty()) copied.insert(graph.weights[static_cast<size_t>(graph.root(slot.weight))].name);
      users.push_back(mine);
    }
  }
  for (Node& node : graph.nodes) {
    if (!node.dead && node.layer >= 0) node.layer = kept[static_cast<size_t>(node.layer)];
  }
  return {copied.begin(), copied.end()};
}

}  // namespace keraft::recover
