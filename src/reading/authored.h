// The Keras model that the metadata of a SavedModel tells.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "keraft/model.hpp"

namespace keraft::reading {

struct Authored {
  Graph
      graph;  ///< layers with the names and configs of their author, each slot bound to a weight; no types but those of inputs
  std::vector<std::pair<std::string, std::string>> lossy;  ///< where, what
  /// By layer: its name behind those of the models around it, "left/dense", as it stands in the names of a graph's nodes.
  std::map<std::string, std::string, std::less<>> scopes;
};

/// Configs from the metadata of Keras 2, weights from the checkpoint: from the layer's object to the variable, through the
/// names and the order that Keras gives them there. Nothing when the model has no such metadata. Throws Status::unsupported,
/// ::format or ::mismatch saying why it cannot be taken.
std::optional<Authored> read_authored(const std::string& path, const LoadOptions& options, const Control& control);

}  // namespace keraft::reading
