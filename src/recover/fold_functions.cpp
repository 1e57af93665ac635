#include <algorithm>
#include <map>
#include <optional>

#include "base/string.h"
#include "cards/layer_card.h"
#include "ir/rewire.h"
#include "recover/recover.h"

namespace keraft::recover {
namespace {

/// Source scopes that keep a function apart from the layer before it: "act/Relu" behind "conv/BiasAdd". A function without a
/// scope of its own, or in the layer's scope, belongs to the layer; so does one of several nodes in a scope inside the layer's:
/// "dense/Gelu/mul" behind "dense/BiasAdd".
bool kept_apart(const Node& layer, const Node& function) {
  const std::string mine(base::scope_of(layer.from.front())), other(base::scope_of(function.from.front()));
  if (function.from.size() > 1 && !mine.empty() && other.starts_with(mine + "/")) return false;
  return !other.empty() && other != mine && !mine.starts_with(other + "/");
}

/// A function that could become an argument of the layer before it.
struct Fold {
  NodeId function;
  const LayerCard::Field* field;
  Value value;
};

class Folding {
 public:
  Folding(Graph& graph, const Registry& registry)
      : graph_(graph), registry_(registry), uses_(graph.nodes.size(), 0), calls_(graph.layers.size(), 0) {
    for (const Node& node : graph.nodes) {
      if (node.dead) continue;
      for (const Edge& edge : node.inputs) ++uses_[static_cast<size_t>(edge.node)];
      if (node.layer >= 0) ++calls_[static_cast<size_t>(node.layer)];
    }
    for (const Port& port : graph.outputs) ++uses_[static_cast<size_t>(port.edge.node)];
    for (const NodeId id : graph.order()) {
      const Node& node = graph.at(id);
      if (node.layer < 0) continue;
      order_.push_back(id);
      const Layer& layer = graph.layers[static_cast<size_t>(node.layer)];
      if (!layer.slots.empty()) sharing_[graph.root(layer.slots.front().weight)].push_back(id);
      if (auto fold = possible(id)) folds_.emplace(node.inputs.front().node, std::move(*fold));
    }
  }

  void run() {
    for (const NodeId id : order_) {
      const auto fold = folds_.find(id);
      if (fold != folds_.end() && all_agree(id, fold->second)) apply(id, fold->second);
    }
    rewire_.apply();
  }

 private:
  /// What the function `id` would be to the layer before it.
  std::optional<Fold> possible(NodeId id) const {
    const Node& node = graph_.at(id);
    if (node.inputs.size() != 1) return std::nullopt;
    const Layer& function = graph_.layers[static_cast<size_t>(node.layer)];
    const LayerCard* card = registry_.layer(function.cls);
    const auto as = card ? card->as_function(function.config) : std::nullopt;
    if (!as) return std::nullopt;
    const NodeId before = node.inputs.front().node;
    const Node& target = graph_.at(before);
    if (target.layer < 0 || uses_[static_cast<size_t>(before)] != 1 || calls_[static_cast<size_t>(target.layer)] != 1)
      return std::nullopt;
    const Layer& layer = graph_.layers[static_cast<size_t>(target.layer)];
    const LayerCard* host = registry_.layer(layer.cls);
    const LayerCard::Field* field = host ? host->field(as->first) : nullptr;
    if (graph_.type({id, 0}).dtype != graph_.type({before, 0}).dtype) return std::nullopt;  // a cast
    if (!field || !field->fallback || layer.cls == function.cls || layer.config.contains(field->name)) return std::nullopt;
    if (kept_apart(target, node)) return std::nullopt;
    return Fold{id, field, as->second};
  }

  /// Layers of one weight stay one layer only when the same function is behind each.
  bool all_agree(NodeId id, const Fold& fold) const {
    const Layer& layer = graph_.layers[static_cast<size_t>(graph_.at(id).layer)];
    if (layer.slots.empty()) return true;
    const auto& users = sharing_.at(graph_.root(layer.slots.front().weight));
    return std::all_of(users.begin(), users.end(), [&](NodeId other) {
      const auto found = folds_.find(other);
      return found != folds_.end() && found->second.field->name == fold.field->name && found->second.value == fold.value;
    });
  }

  void apply(NodeId before, const Fold& fold) {
    Node& target = graph_.at(before);
    const Node& node = graph_.at(fold.function);
    graph_.layers[static_cast<size_t>(target.layer)].config[fold.field->name] = fold.value;
    target.from.insert(target.from.begin(), node.from.begin(), node.from.end());
    target.name = node.name;
    rewire_.set({fold.function, 0}, {before, 0});
    graph_.at(fold.function).dead = true;
  }

  Graph& graph_;
  const Registry& registry_;
  std::vector<int> uses_, calls_;
  std::vector<NodeId> order_;                       ///< layer calls
  std::map<int32_t, std::vector<NodeId>> sharing_;  ///< weight → calls of layers whose first slot it is
  ir::Rewire rewire_{graph_};
  std::map<NodeId, Fold> folds_;  ///< by the call of the layer before
};

}  // namespace

void fold_functions(Graph& graph, const Registry& registry) { Folding(graph, registry).run(); }

}  // namespace keraft::recover
