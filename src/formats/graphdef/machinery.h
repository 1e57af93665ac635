// Which nodes of a graph belong to training, saving and reporting instead of to the model.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"

namespace keraft::formats {

/// Nodes under gradients/, save/, initialisers, and ops that update, save, log or check. By node id.
std::vector<bool> machinery(const Graph& graph);
/// Does the graph hold gradients or optimizer steps?
bool trains(const Graph& graph, const std::vector<bool>& machinery);

/// The nodes that gradients were taken of: "gradients/NAME_grad/…" speaks of NAME. One for all terms of a sum.
std::set<NodeId> gradient_ends(const Graph& graph, const std::vector<std::vector<NodeId>>& readers);

/// The nodes that the outputs do not need, by what they are for, most first: gradients, optimizer, updates, summaries, saver,
/// initialisers, queues, input pipeline, checks, loss and metrics. What serves one of them counts with it.
std::vector<std::pair<std::string, int64_t>> cut_off(const Graph& graph);

/// A tensor that comes from outside: placeholders, iterators, queues.
bool is_source(const Node& node) noexcept;
bool is_variable(const Node& node) noexcept;
/// A placeholder that tells training from inference: "keep_prob", "is_training", the Keras learning phase.
bool is_training_flag(const Node& node);

}  // namespace keraft::formats
