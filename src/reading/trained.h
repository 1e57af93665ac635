// How Keras 2 trained the model of a SavedModel: the compile settings in its metadata, the optimizer's variables in its
// checkpoint.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/budget.h"
#include "formats/checkpoint/checkpoint.h"
#include "formats/saved_model/keras_notes.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::reading {

struct Trained {
  Training training;
  std::vector<std::string> keys;  ///< of the checkpoint, that are the optimizer's
};

/// Losses and metrics are those of the model's outputs, in order. Nothing when the model was not compiled. What no Keras
/// knows, or no card, is left out and told.
std::optional<Trained> read_trained(const formats::KerasNotes& notes, const std::vector<Port>& outputs,
                                    formats::Checkpoint& checkpoint, const Registry& registry, base::Budget& budget);

}  // namespace keraft::reading
