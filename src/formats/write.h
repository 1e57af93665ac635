// Graph of layers → file.
#pragma once

#include "keraft/model.hpp"

namespace keraft::formats {

void write(const Graph& graph, const std::string& path, Kind kind, const WriteOptions& options, const Control& control);

}  // namespace keraft::formats
