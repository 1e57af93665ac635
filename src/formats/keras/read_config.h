// The model dict of a Keras file as a graph. Reads what Keras 2, tf_keras and Keras 3 write.
#pragma once

#include <string>
#include <vector>

#include "base/budget.h"
#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Layers without weights, in the config's order; a node per call. `path` names the file in errors. Throws Status::format for
/// references to layers or calls that are not there, and ::unsupported for models that are no graph of layers.
Graph read_model_dict(Value model, base::Budget& budget, const Registry& registry, const std::string& path);

/// The same, with models inside the model in place of their calls: a layer keeps its name where it is free, else that of its
/// model stands in front. `paths`: for each layer the names that lead to it from the outermost model, its own last.
Graph read_flat_model_dict(Value model, base::Budget& budget, const Registry& registry, const std::string& path,
                           std::vector<std::vector<std::string>>& paths);

/// True for {"class_name": "Sequential", …}.
bool is_sequential(const Value& model);

/// Gives every slot a weight of the graph; throws Status::format for a layer whose weights are missing in the file.
void bind_weights(Graph& graph, const Registry& registry, const std::string& path);

}  // namespace keraft::formats
