#pragma once

#include "formats/keras/plan.h"

namespace keraft::formats {

/// [name, call, tensor].
List reference(const Plan& plan, Edge edge);
/// {"class_name": "__keras_tensor__", …} of Keras 3.
Value keras_tensor(const Graph& graph, const Plan& plan, Edge edge);

}  // namespace keraft::formats
