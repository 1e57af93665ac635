// Graph of layers → file.
#pragma once

#include <string>
#include <vector>

#include "keraft/model.hpp"
#include "keraft/registry.hpp"

namespace keraft::formats {

struct Audience {
  std::string keras;                     ///< versions
  std::vector<std::string> keras3_only;  ///< layers that keep the file from Keras 2, which otherwise could load it
  std::vector<std::string> notes;        ///< what the form of the file changes in how training goes on
};
Audience audience(const Graph& graph, Kind kind, const WriteOptions& options, const Registry& registry);

void write(const Graph& graph, const std::string& path, Kind kind, const WriteOptions& options, const Registry& registry,
           const Control& control);

}  // namespace keraft::formats
