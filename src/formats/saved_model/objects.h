// What TensorFlow 2 loads a written SavedModel as: an object with variables, functions and signatures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/graphdef/function_body.h"
#include "formats/wire/messages.h"
#include "formats/wire/print_saved_objects.h"

namespace keraft::formats {

struct SavedObjects {
  std::vector<FunctionBody> functions;  ///< the graph's library; their tensors are the raw nodes'
  std::vector<wire::SavedNode> nodes;
  std::vector<wire::ConcreteFunction> concrete;
};

/// The object has `variables`, `trainable_variables`, `non_trainable_variables`, `signatures` of these keys, is called as a
/// Keras model is (inputs, training=False) and has the same as `serve(inputs)`, as Keras exports it. `training`: what the model
/// computes in training, its outputs and then new values of weights; null: the same as in use. Where it is given, there is
/// `serve_training(inputs)` too. Nothing where function_body() gives nothing.
std::optional<SavedObjects> saved_objects(const RawNodes& raw, const RawNodes* training,
                                          const std::vector<std::string>& signatures);

/// The objects as a checkpoint has them, with those of a Keras model (checkpoint_objects; or null), whose keys are names of
/// weights: the same variables, so that either restores them.
wire::ObjectGraph stored_objects(const SavedObjects& saved, const RawNodes& raw, const wire::ObjectGraph* keras);

}  // namespace keraft::formats
