// Meta graphs with their checkpoints, and SavedModels made of one.
#pragma once

#include <string>

#include "formats/wire/messages.h"
#include "keraft/control.hpp"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// X.meta, X.index and X.data-00000-of-00001 for the path X.meta. `objects`, where there are any: of the same variables, whose
/// keys are names of the graph's weights; the checkpoint can be restored by name or by object then.
void write_meta_graph(const Graph& graph, const std::string& path, const wire::ObjectGraph* objects, const Registry& registry,
                      const Control& control);
struct SavedModelParts {
  const Graph* in_training = nullptr;          ///< as Model::in_training; null: there is none
  const wire::ObjectGraph* objects = nullptr;  ///< as above
  std::string signature;                       ///< a key beside "serving_default"; empty: none
};
/// A folder, which must not be there yet: saved_model.pb with the tag "serve", signatures, and the objects that TensorFlow 2
/// loads, and variables.
void write_saved_model(const Graph& graph, const std::string& path, const SavedModelParts& parts, const Registry& registry,
                       const Control& control);

}  // namespace keraft::formats
