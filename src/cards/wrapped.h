// Layers inside the config of a layer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cards/layer_card.h"

namespace keraft::cards {

/// A layer that another holds as {"class_name": …, "config": …}; its weights are the outer one's.
struct Part {
  std::string field;      ///< the entry that it was read from
  size_t place = 0;       ///< in the entry's list
  std::string group;      ///< below the outer layer's in a .keras file
  std::string prefix;     ///< before the names of its slots
  Layer layer;            ///< without weights
  bool borrowed = false;  ///< the layer of another field, in place of one that is not given
};
/// In Keras' order. Entries that are no layer are left out.
std::vector<Part> parts(const Layer& layer, const Registry& registry);

/// The layer that {"class_name": …, "config": …} tells; nothing for other values.
std::optional<Layer> layer_of(const Value& value);

/// Why no ops are known for a layer or for one that it holds; empty: they are.
std::string no_ops(const Layer& layer, const Registry& registry);

/// How closely a layer and all that it holds repeat what they came from: as the least faithful of them.
Fidelity fidelity_of(const Layer& layer, const Registry& registry);

/// The context in which layers that hold others are lowered.
class WrapperContext : public LowerContext {
 public:
  virtual size_t parts() const = 0;
  virtual Edge call_part(size_t index, Edge x) = 0;
};
/// Calls the layer that the context's own holds, or all of them one after another.
Edge call_wrapped(LowerContext& context, Edge x);

/// A slot and the layer whose config tells its sizes. `groups` begin with those of the layers around it.
struct OwnedSpec : LayerCard::WeightSpec {
  std::shared_ptr<const Layer> owner;
  std::string own;  ///< the slot's name there
};
/// The slots that a layer has, in Keras' order: by its own card and by those of the layers that it holds. Empty without a card.
std::vector<OwnedSpec> slots_of(const Layer& layer, const Registry& registry);
/// The first of a layer's weights, which lie in the order of `specs`, whose sizes are not what the config says; null: all are.
const Slot* misfit(const Layer& layer, const std::vector<OwnedSpec>& specs, const Registry& registry);
/// The slot of this name among them, whatever the config says; nothing without a card.
std::optional<LayerCard::WeightSpec> spec_of(const Layer& layer, std::string_view slot, const Registry& registry);

}  // namespace keraft::cards
