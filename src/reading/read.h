// Any file → Model, by its contents.
#pragma once

#include "keraft/model.hpp"

namespace keraft::reading {

/// See keraft::load; the graph is as the file has it, calls inlined and variables bound.
/// `promised`: the types that a signature gives outputs, by their names.
Model read(const std::string& path, const LoadOptions& options, const Control& control, std::map<std::string, DType>& promised);

}  // namespace keraft::reading
