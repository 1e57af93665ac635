// Arithmetic of constants and variables that stands between a recovered model and its layers.
#pragma once

#include <set>
#include <string>

#include "keraft/model.hpp"

namespace keraft {

/// What recovery has left over: raw nodes, apart by whether any input of the model leads to them.
struct Leftovers {
  std::set<std::string> constant;  ///< names of nodes that depend on constants and variables alone, read by others
  size_t others = 0;
};
Leftovers leftovers(const Graph& graph);

/// Runs the nodes `names` of the raw model and puts their results in their places, as constants. Names that the graph does
/// not have, or whose ops are random or have no kernel, stay. What is constant in `simplified` only, as sizes are numbers
/// there, is computed there, but for the nodes `relaid`, whose axes have another order there. Adds a line to Model::lossy for
/// each result that was computed from a variable.
void fold_constants(Model& model, const std::set<std::string>& names, const Graph& simplified,
                    const std::set<std::string>& relaid, const Control& control);

}  // namespace keraft
