// y = (x − mean) / sqrt(variance + epsilon) · gamma + beta in whatever order a graph computes it.
#pragma once

#include "cards/graph_view.h"

namespace keraft::cards {

struct Normalised {
  Edge x;
  /// Of the mean and variance that are computed from x, from the start; empty: `mean` and `variance` are weights.
  std::vector<int64_t> axes;
  bool centred = true;  ///< false: divided by the root of the mean square
  double epsilon = 0;
  Edge mean, variance, gamma, beta;  ///< weights; no_node where there is none
  Edge grouped;                      ///< x reshaped, of which `axes` are the axes: gamma and beta came after reshaping back
  std::vector<NodeId> nodes;         ///< the root first
};

std::optional<Normalised> normalised(const Graph& graph, NodeId root);

inline bool there(Edge edge) { return edge.node != no_node; }

/// The axis along which all given weights lie when they broadcast to `x`, the last one when they are single numbers; nothing
/// when they disagree.
std::optional<size_t> common_axis(const Graph& graph, const Shape& x, const std::vector<Edge>& weights);
/// The weight with one size for each axis, repeated where the graph broadcasts; nothing when it varies along others.
std::optional<Tensor> along(const Graph& graph, Edge weight, const Shape& x, const std::vector<int64_t>& axes);
/// Binds the weight to the slot of the match.
bool bind_along(Match& m, const Graph& graph, const std::string& slot, Edge weight, const Shape& x,
                const std::vector<int64_t>& axes);

/// The same in ops, for lowering; `gamma` and `beta` broadcast to x or are no_node.
Edge normalise(LowerContext& c, Edge x, const std::vector<int64_t>& axes, bool centred, Edge gamma, Edge beta);
/// A weight of the layer with sizes of 1 around `axes` of `shape`, or no_node when the config says it is not there.
Edge weight_along(LowerContext& c, const std::string& slot, const std::string& when, const Shape& shape,
                  const std::vector<int64_t>& axes);

}  // namespace keraft::cards
