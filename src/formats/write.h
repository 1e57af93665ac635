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

void write(const Model& model, const std::string& path, Kind kind, const WriteOptions& options, const Control& control);

}  // namespace keraft::formats
