// Merge of Keras 1: one class for many ways.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// The layer is Merge in this mode; `kept`: the entry that says more, and this card's.
inline void formerly_merge(LayerCard& card, const char* mode, std::pair<std::string, std::string> kept = {}) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!kept.first.empty()) fields.push_back(std::move(kept));
  for (const char* entry : {"mode", "mode_type", "concat_axis", "dot_axes", "output_shape", "output_shape_type", "output_mask",
                            "output_mask_type", "arguments"})
    fields.emplace_back(entry, "");
  card.formerly("Merge", std::move(fields), {}, {{"mode", mode}});
}

}  // namespace keraft::cards
