// Graph of layers → Keras code that a person would have written.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::emit {

/// A module with build_model() and load(path=None), which takes the weights from an .npz beside it; run, it prints the summary.
/// `about` is its first line. Throws Status::unsupported with every node that Keras code cannot say.
std::string keras_code(const Graph& graph, const Registry& registry, const std::string& about);

/// The weights that load() wants, by the keys that it looks for, in its order.
std::vector<std::pair<std::string, Tensor>> keras_code_weights(const Graph& graph);

}  // namespace keraft::emit
