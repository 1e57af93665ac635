// Graph of layers → file.
#pragma once

#include <functional>
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

/// Called when the graph that is written is not needed any more, where that is before the end.
using Release = std::function<void()>;

void write(const Model& model, const std::string& path, Kind kind, const WriteOptions& options, const Control& control,
           const Release& release);

}  // namespace keraft::formats
