// Which nodes of a graph belong to training, saving and reporting instead of to the model.
#pragma once

#include <string_view>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::formats {

/// Nodes under gradients/, save/, initialisers, and ops that update, save, log or check. By node id.
std::vector<bool> machinery(const Graph& graph);
/// Does the graph hold gradients or optimizer steps?
bool trains(const Graph& graph, const std::vector<bool>& machinery);

/// A tensor that comes from outside: placeholders, iterators, queues.
bool is_source(const Node& node) noexcept;
bool is_variable(const Node& node) noexcept;
/// A placeholder that tells training from inference: "keep_prob", "is_training", the Keras learning phase.
bool is_training_flag(const Node& node);

}  // namespace keraft::formats
