// How a training graph makes one number of many: sums, means, weighted means.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "keraft/graph.hpp"
#include "keraft/registry.hpp"

namespace keraft::training {

/// The terms of a sum, difference or scaled number, with their factors; nothing for another op.
std::optional<std::vector<std::pair<Edge, double>>> scaled_terms(const Graph& graph, Edge edge, const Registry& registry);

struct Reduction {
  Edge inner;  ///< what is reduced, reshapes and weights of one looked through
  double factor = 1;
  bool mean = true;   ///< over all numbers; otherwise their sum
  bool rows = false;  ///< divided by the number of rows, which may be less than that of numbers
};
/// Nothing when some axis may stay, or the numbers have weights.
std::optional<Reduction> read_reduction(const Graph& graph, Edge edge, const Registry& registry);

/// Is `edge` reduced over all axes of a tensor of this rank, or an op without axes?
bool sums_all(const Graph& graph, Edge edge, size_t rank, const Registry& registry);

/// What a reshape was made of, when it keeps the last axis or that does not matter.
std::optional<Edge> before_reshape(const Graph& graph, Edge edge, bool keeps_last);
/// The edge and what it was before each reshape, the same number by number, nearest first.
std::vector<Edge> before_reshapes(const Graph& graph, Edge edge, bool keeps_last, const Registry& registry);

}  // namespace keraft::training
