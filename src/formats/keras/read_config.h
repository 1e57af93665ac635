// The model dict of a Keras file as a graph. Reads what Keras 2, tf_keras and Keras 3 write.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/budget.h"
#include "keraft/graph.hpp"
#include "keraft/model.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

/// Names that lead to a layer or model from the outermost model, its own last.
using LayerPath = std::vector<Name>;

/// How the models of a file lie in each other.
struct Nesting {
  struct Child {
    Name name, cls;
    bool is_model = false;
  };
  std::vector<LayerPath> paths;                      ///< of each layer of the graph
  std::map<LayerPath, std::vector<Child>> children;  ///< of each model, in the order of `model.layers`, without inputs
};

/// Layers without weights, in the config's order; a node per call. Models inside the model are in place of their calls: a layer
/// keeps its name where it is free, else that of its model stands in front. `path` names the file in errors. Throws
/// Status::format for references to layers or calls that are not there, and ::unsupported for models that are no graph of
/// layers.
Graph read_model_dict(Value model, base::Budget& budget, const Registry& registry, const std::string& path, Nesting& nesting);

/// Indexes of layers as Keras lists them: those of a model inside in the place of that model.
std::vector<size_t> layers_in_order(const Nesting& nesting);

/// Says in the model's `lossy` which models inside became their layers.
void name_flattened(Model& model, const Nesting& nesting);

/// Gives every slot a weight of the graph; throws Status::format for a layer whose weights are missing in the file.
void bind_weights(Graph& graph, const Registry& registry, const std::string& path);

}  // namespace keraft::formats
