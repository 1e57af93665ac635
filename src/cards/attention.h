// softmax(scale · query · key + mask) · value, in every spelling that Keras and others write: what the attention layers share.
#pragma once

#include <map>
#include <string>

#include "cards/products.h"

namespace keraft::cards {

struct Attended {
  Axes axes;
  Product scores;   ///< of query and key, in either order
  Product context;  ///< of probabilities and value
  Atoms softmax;    ///< the axes that the softmax runs over
  double scale = 1;
  std::optional<WeightUse> scale_weight;
  bool causal = false;
  double dropout = 0;
  std::vector<NodeId> nodes;

  explicit Attended(const Graph& graph) : axes(graph) {}
};

/// Reads a value that attention works on: `which` is 0 or 1 for the factors of the scores, 2 for the value, 3 for scores that
/// are no product.
using Side = std::function<std::optional<AtomLayout>(Attended&, Edge, int which)>;

/// The layout of the value at `edge`, which is the context seen through moves.
std::optional<AtomLayout> attended(Attended& out, Edge edge, const Side& side);

/// Query, key and value by heads, and the result: the layer MultiHeadAttention, and GroupQueryAttention where keys and values
/// serve several heads of the query.
struct Heads {
  Leaf query, key, value;
  AtomLayout q_in, k_in, v_in;  ///< sizes of the inputs: batch, …, features
  Atoms heads, groups, depth, value_depth, features;
  std::map<std::string, WeightUse> weights;  ///< "query_kernel", "query_bias", …
  std::vector<int64_t> attention_axes;       ///< empty: all
  double dropout = 0;
  bool causal = false, bias = false;
  std::vector<NodeId> nodes;
};
std::optional<Heads> read_heads(const Graph& graph, NodeId root);

/// 1 / sqrt(size), as a float32 holds it.
bool is_root_scale(double scale, const Dim& size);

/// A floating scalar.
Edge real(LowerContext& c, double value, DType dtype);

Edge einsum(LowerContext& c, Edge a, Edge b, const std::string& equation);
/// x by the weight `part`_kernel, and `part`_bias on top where the layer has one.
Edge projected(LowerContext& c, const std::string& part, Edge x, const std::string& equation);

/// Lowers mask, softmax over the last `axes` axes, and dropout.
Edge lower_probabilities(LowerContext& c, Edge scores, size_t axes = 1);

}  // namespace keraft::cards
