// Layers that change images at random while a model is trained.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// Keras 3 writes [−a, a] for a factor a, which some of its layers do not read.
inline void plain_factors(Dict& config) {
  for (auto& [key, value] : config.edit()) {
    const List* pair = key.ends_with("factor") ? value.get<List>() : nullptr;
    if (!pair || pair->size() != 2 || !(*pair)[0].number() || !(*pair)[1].number()) continue;
    if (*(*pair)[0].number() != -*(*pair)[1].number()) continue;
    Value factor = (*pair)[1];
    value = std::move(factor);
  }
}

/// What all of them have. `since`: the first Keras 3 that has the layer; empty: every Keras.
inline void augmentation(LayerCard& card, const std::string& since = {}) {
  card.identity_at_inference().training_unknown().call_default("training", true).leaves_out({"rng_type"});
  card.shorten_with(plain_factors);
  card.config("data_format", "channels_last")
      .only_keras3("Keras 2 takes channels last only", {{"data_format", "channels_first"}});
  if (!since.empty()) card.from_keras3(since);
}

inline Value image_range() { return Value::ints({0, 255}); }

}  // namespace keraft::cards
