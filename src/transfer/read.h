// Files of weights → Source.
#pragma once

#include <optional>
#include <string>

#include "transfer/target.h"

namespace keraft::transfer {

/// What a file holds that is no model: a checkpoint, weights of Keras 1 to 3, arrays of numpy. Nothing for a model. `model`
/// with its nesting tells where a .weights.h5 has the weights of which layer.
std::optional<Source> read_weights(const std::string& path, const Model& model, const formats::Nesting& nesting,
                                   const Control& control);

/// The objects' checkpoint, or the variables by name, at this prefix.
Source read_checkpoint(const std::string& prefix, const Control& control, const std::string& root = {});

/// The layers of a Keras model. `nesting`: null when the layers were recovered from a graph.
Source source_of_layers(const Model& model, const formats::Nesting* nesting);
/// The variables of a graph.
Source source_of_variables(const Model& model);

}  // namespace keraft::transfer
