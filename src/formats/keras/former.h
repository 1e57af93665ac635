// Models in words that no Keras of today uses: all of Keras 1, and classes that only some Keras 2 had.
#pragma once

#include <string>

#include "cards/layer_card.h"
#include "keraft/registry.hpp"
#include "keraft/value.hpp"

namespace keraft::formats {

struct Former {
  bool keras1 = false;
  bool first = false, last = false;  ///< orders of axes that layers of Keras 1 name: "th", "tf"
};

/// Says a model's dict in today's words, models and layers inside it too, as the cards tell (LayerCard::Former). `version` is
/// the file's. Throws Status::unsupported with all classes and arguments of Keras 1 that have no successor, and Status::format
/// for an order of axes that no layer tells.
Former say_as_today(Value& model, const std::string& version, const Registry& registry, int max_depth, const std::string& path);

/// The weights of a layer as its slots want them; its config gets what only they tell.
void lay_out_as_today(Layer& layer, std::vector<Tensor>& stored, OlderFile file, const Registry& registry);

/// Does a layer, or one that it holds, have kernels that some backends turn around?
bool has_flipped_kernels(const Layer& layer, const Registry& registry);

}  // namespace keraft::formats
