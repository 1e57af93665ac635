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
/// A folder, which must not be there yet: saved_model.pb with the tag "serve" and the signature "serving_default", and
/// variables.
void write_saved_model(const Graph& graph, const std::string& path, const Registry& registry, const Control& control);

}  // namespace keraft::formats
