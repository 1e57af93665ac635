// A Keras model told by metadata against the graph that it is said to be.
#pragma once

#include <map>
#include <string>

#include "keraft/convert.hpp"

namespace keraft {

/// Gives the calls of `keras` their types, and its inputs and outputs the names and order that the source's have where those
/// are the same. Throws Status::mismatch for other inputs, outputs or variables than the source's, Status::unsupported for
/// layers that cannot run, and for options that the metadata knows nothing of.
void compare_authored(const Model& source, const LoadOptions& load, const ConvertOptions& options, Graph& keras,
                      const Control& control);

/// The source's tensors that calls of the authored graph compute, by layer: where the scope of a layer that is called once has
/// one result that others read. `scopes` by layer.
std::map<std::string, Edge> results_of_scopes(const Graph& source, const Graph& keras,
                                              const std::map<std::string, std::string, std::less<>>& scopes);

}  // namespace keraft
