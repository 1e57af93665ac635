// Tables from tokens to indices.
#pragma once

#include "cards/layer_card.h"
#include "keraft/error.hpp"

namespace keraft::cards {

/// A table that was learnt lies in a file of its own beside the config.
inline void wants_vocabulary(Dict& config) {
  const auto found = config.find("vocabulary");
  if (found == config.end() || !found->second.get<List>())
    throw Error(Status::unsupported, "a table that was adapted: its vocabulary is not in the config");
  const auto weights = config.find("idf_weights");
  if (weights != config.end() && !weights->second.null())
    throw Error(Status::unsupported, "a table with idf_weights, which lie in a file of their own kind");
}

/// What IntegerLookup and StringLookup have in common.
inline void lookup(LayerCard& card) {
  card.needs("vocabulary").config("max_tokens", Value()).config("num_oov_indices", 1).config("mask_token", Value());
  card.config("idf_weights", Value()).config("invert", false).config("output_mode", "int").config("sparse", false);
  card.config("pad_to_max_tokens", false).config("oov_method", "floormod").config("salt", Value());
  card.leaves_out({"dtype", "vocabulary_size"}).shorten_with(wants_vocabulary);
}

}  // namespace keraft::cards
