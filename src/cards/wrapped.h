// Layers inside the config of a layer.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cards/layer_card.h"

namespace keraft::cards {

/// A required config entry {"class_name": …, "config": …} is a layer that does the work; its weights are the outer one's.
struct Wrapped {
  std::string entry;
  Layer layer;  ///< without weights
};
std::optional<Wrapped> wrapped(const Layer& layer, const Registry& registry);
/// The layer that does the work behind all wrappers, `layer` itself without one, and the entries that lead to it.
std::pair<Layer, std::vector<std::string>> innermost(const Layer& layer, const Registry& registry);

/// The context in which wrappers are lowered.
class WrapperContext : public LowerContext {
 public:
  virtual Edge call_wrapped(Edge x) = 0;
};
/// Calls the layer that the context's own holds.
Edge call_wrapped(LowerContext& context, Edge x);

/// The slots that a layer has, in Keras' order: by its own card, or by that of the layer that it wraps. `groups` of a wrapper's
/// slots begin with that entry. Empty without a card.
std::vector<LayerCard::WeightSpec> slots_of(const Layer& layer, const Registry& registry);
/// The slot of this name among them, whatever the config says; nothing without a card.
std::optional<LayerCard::WeightSpec> spec_of(const Layer& layer, std::string_view slot, const Registry& registry);

}  // namespace keraft::cards
