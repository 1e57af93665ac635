// Graph of layers → file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/model.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

struct Audience {
  std::string keras;  ///< versions
  /// What keeps the file from a line of Keras that loads others of its kind: a layer's name, why.
  std::vector<std::pair<std::string, std::string>> findings;
  std::vector<std::string> notes;  ///< what the form of the file changes in how training goes on
};
Audience audience(const Graph& graph, Kind kind, const WriteOptions& options, const Registry& registry);

/// `layers`: the Keras model that a graph of ops was made of, or null.
void write(const Graph& graph, const std::string& path, Kind kind, const WriteOptions& options, const Graph* layers,
           const Registry& registry, const Control& control);

}  // namespace keraft::formats
