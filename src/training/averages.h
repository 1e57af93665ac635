// Moving averages that a training graph keeps: of batch statistics, and of variables.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "training/lookup.h"

namespace keraft::training {

struct Average {
  NodeId variable = no_node;   ///< keeps the average
  Edge value;                  ///< what is averaged
  std::optional<double> kept;  ///< the part that each step keeps, where it is a number
};

std::vector<Average> find_averages(const Graph& graph, const Source& source);

/// The graph shall compute what it computes when it is used: batch statistics whose averages are kept are replaced by the
/// averages. Where a training flag chooses between the two there is nothing to do.
void use_averages(Graph& graph, const std::vector<Average>& averages, const Source& source);

/// By node of a variable: the variable that keeps its average.
std::map<NodeId, NodeId> shadows(const Graph& graph, const std::vector<Average>& averages, const Source& source);

}  // namespace keraft::training
