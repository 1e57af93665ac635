// Any file → Model, by its contents.
#pragma once

#include "keraft/model.hpp"

namespace keraft::reading {

/// See keraft::load; the graph is as the file has it, calls inlined and variables bound.
Model read(const std::string& path, const LoadOptions& options, const Control& control);

}  // namespace keraft::reading
