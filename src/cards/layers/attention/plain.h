// Attention and AdditiveAttention: no projections, [query, value, key] in one list.
#pragma once

#include <algorithm>
#include <array>

#include "cards/attention.h"
#include "ir/constant.h"

namespace keraft::cards {

struct Plain {
  Attended found;
  Leaf leaves[3];  ///< query, key, value
  std::vector<NodeId> passed;
  std::optional<WeightUse> inner_scale;  ///< of additive scores, before or behind the tanh
  bool additive = false, scaled_inside = false;

  explicit Plain(const Graph& graph) : found(graph) {}
};

/// Sum over features of [scale ·] tanh([scale ·] (query + key)), or nothing.
inline std::optional<AtomLayout> additive_scores(Plain& out, Attended& at, Edge edge) {
  const Graph& graph = at.axes.graph();
  const auto data = [&](const Node& node, size_t i) { return graph.at(node.inputs.at(i).node).op != "ir/Weight"; };
  std::vector<NodeId> nodes{edge.node};
  const Node* node = &graph.at(edge.node);
  if (node->op != "tf/Sum" || node->inputs.size() != 2) return std::nullopt;
  const Shape before = graph.type(node->inputs[0]).shape, after = graph.type(edge).shape;
  const auto axis = ir::constant_ints(graph, node->inputs[1]);
  if (!before.has_rank() || !after.has_rank() || after.rank() + 1 != before.rank() || !axis || axis->size() != 1)
    return std::nullopt;
  if (axis->front() != -1 && axis->front() != static_cast<int64_t>(before.rank()) - 1) return std::nullopt;
  const auto step = [&](size_t i) {
    nodes.push_back(node->inputs.at(i).node);
    node = &graph.at(nodes.back());
    return node->layer < 0 && !node->dead;
  };
  const auto scale = [&] {
    if (node->op != "tf/Mul" || node->inputs.size() != 2 || out.inner_scale) return true;
    for (size_t i = 0; i < 2; ++i) {
      const auto one = ir::scalar(graph, node->inputs[i]);
      if (one && one->number() == 1.0) return step(1 - i);
    }
    const size_t weight = data(*node, 0) ? 1 : 0;
    if (data(*node, weight)) return false;
    const int32_t index = graph.at(node->inputs[weight].node).weight;
    const Tensor& value = graph.weights.at(static_cast<size_t>(index)).value;
    out.inner_scale =
        WeightUse{graph.root(index),           value, value.dims, graph.type(node->inputs[weight]).dtype, nodes.back(),
                  static_cast<int32_t>(weight)};
    return step(1 - weight);
  };
  if (!step(0) || !scale()) return std::nullopt;
  const bool outside = out.inner_scale.has_value();
  if (node->op != "tf/Tanh" || !step(0) || !scale()) return std::nullopt;
  out.scaled_inside = out.inner_scale && !outside;
  if (!(node->op == "tf/AddV2" || node->op == "tf/Add") || node->inputs.size() != 2) return std::nullopt;
  AtomLayout sides[2];
  for (size_t i = 0; i < 2; ++i) {
    const Moved moved = behind_moves(graph, node->inputs[i], 1);
    auto layout = moved.chain.empty() ? std::nullopt : leaf(at.axes, node->inputs[i], 1, out.leaves[i], out.passed);
    if (!layout || layout->size() != before.rank()) return std::nullopt;
    sides[i] = std::move(*layout);
  }
  AtomLayout result = sides[0];
  for (size_t i = 0; i < result.size(); ++i) {
    if (result[i].empty())
      result[i] = sides[1][i];
    else if (!sides[1][i].empty() && !at.axes.identify(result[i], sides[1][i]))
      return std::nullopt;
  }
  result.pop_back();
  at.nodes.insert(at.nodes.end(), nodes.begin(), nodes.end());
  out.additive = true;
  return result;
}

/// Is a transposition in front of the query, or of the key, the layer's own? Else its layer's that made it.
struct Transposed {
  bool query, key;
};

/// The layer at a node as `own` has it; false, and `m` as it was, when it is something else.
inline bool read_plain_as(Match& m, Plain& out, Transposed own) {
  const Side side = [&](Attended& at, Edge edge, int which) {
    if (which == 3) return additive_scores(out, at, edge);
    for (size_t depth = 0; depth < 2; ++depth) {
      const Axes before = at.axes;
      std::vector<NodeId> passed;
      auto layout = leaf(at.axes, edge, depth, out.leaves[which], passed);
      const bool moved = layout && depth > 0 && m.graph->at(passed.front()).op != "tf/Transpose";
      const bool last =
          depth == 0 && ((which == 0 && own.query) || (which == 1 && own.key)) && m.graph->at(edge.node).op == "tf/Transpose";
      if (layout && !moved && !last) {
        out.passed.insert(out.passed.end(), passed.begin(), passed.end());
        return layout;
      }
      at.axes = before;
    }
    return std::optional<AtomLayout>();
  };
  const auto result = attended(out.found, {m.nodes.front(), 0}, side);
  if (!result || out.found.scale != 1) return false;
  const Axes& axes = out.found.axes;
  const Atoms softmax = axes.now(out.found.softmax);
  const auto holds = [&](const Leaf& one) {
    const Atoms all = axes.now(joined(one.layout));
    return std::all_of(softmax.begin(), softmax.end(),
                       [&](int32_t a) { return std::find(all.begin(), all.end(), a) != all.end(); });
  };
  if (!holds(out.leaves[1])) std::swap(out.leaves[0], out.leaves[1]);
  const AtomLayout q = axes.now(out.leaves[0].layout), k = axes.now(out.leaves[1].layout), v = axes.now(out.leaves[2].layout);
  const size_t rank = q.size();
  if (rank < 3 || k.size() != rank || v.size() != rank || !axes.spread.empty()) return false;
  const bool batches = std::equal(q.begin(), q.end() - 2, k.begin()) && std::equal(q.begin(), q.end() - 2, v.begin());
  if (!batches || q.back() != k.back() || k[rank - 2] != softmax || v[rank - 2] != softmax) return false;
  AtomLayout wanted(q.begin(), q.end() - 1);
  wanted.push_back(v.back());
  if (axes.now(*result) != wanted || axes.now(out.found.context.summed) != softmax) return false;
  if (!out.additive && axes.now(out.found.scores.summed) != q.back()) return false;
  if (out.found.dropout != 0) m.config["dropout"] = out.found.dropout;
  if (out.found.causal) m.call["use_causal_mask"] = true;
  m.nodes = out.found.nodes;
  m.nodes.insert(m.nodes.end(), out.passed.begin(), out.passed.end());
  m.inputs = {out.leaves[0].edge, out.leaves[2].edge};
  if (out.leaves[1].edge != out.leaves[2].edge) m.inputs.push_back(out.leaves[1].edge);
  return true;
}

/// The whole layer at a node; false when it is something else. Scales are left to the caller.
inline bool read_plain(Match& m, Plain& out) {
  // Keras transposes the key alone.
  for (const Transposed own : {Transposed{false, true}, {false, false}, {true, true}, {true, false}}) {
    out = Plain(*m.graph);
    if (read_plain_as(m, out, own)) return true;
  }
  return false;
}

inline Edge expanded(LowerContext& c, Edge x, int32_t axis) {
  return c.op("ExpandDims", {x, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&axis, 1)))});
}

/// query, key, value of a call.
inline std::array<Edge, 3> plain_inputs(LowerContext& c) {
  if (c.inputs().size() < 2 || c.inputs().size() > 3) c.fail("needs query and value, and perhaps key");
  return {c.inputs()[0], c.inputs().size() > 2 ? c.inputs()[2] : c.inputs()[1], c.inputs()[1]};
}

/// Sum over features of outside · tanh(inside · (query + key)); a scale may be absent.
inline Edge lower_additive(LowerContext& c, std::optional<Edge> inside, std::optional<Edge> outside) {
  const auto [query, key, value] = plain_inputs(c);
  Edge sum = c.op("AddV2", {expanded(c, query, -2), expanded(c, key, -3)});
  if (inside) sum = c.op("Mul", {*inside, sum});
  Edge curve = c.op("Tanh", {sum});
  if (outside) curve = c.op("Mul", {*outside, curve});
  const int32_t last = -1;
  return c.op("Sum", {curve, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&last, 1)))}, {{"keep_dims", false}});
}

}  // namespace keraft::cards
