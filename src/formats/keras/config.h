// A graph as the model dict of Keras.
#pragma once

#include <string>

#include "formats/keras/plan.h"
#include "keraft/model.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

enum class Form {
  both_h5,    ///< .h5 for Keras 2.12–2.15, tf_keras and Keras 3; with operations for Keras 2 alone
  dual,       ///< .keras for Keras 2.15, tf_keras and Keras 3
  keras3,     ///< .keras for Keras 3 only
  keras3_h5,  ///< .h5 for Keras 3 only: layers as in the common form, operations as Keras 3 has them
};

/// The form that a file of this kind gets: the common one unless the caller asks for Keras 3 or the model needs it. Throws
/// Status::argument for a Keras version that does not exist, Status::unsupported when the version asked for cannot hold the
/// model.
Form choose_form(const Graph& graph, const Plan& plan, Kind kind, const WriteOptions& options, const Registry& registry);

/// {"class_name": …, "config": …} and what is in `more`, as JSON; every reference is checked.
std::string model_config(const Graph& graph, const Plan& plan, Form form, const Registry& registry, Dict more = {});

}  // namespace keraft::formats
