// Layers that join tensors of equal rank element by element. Keras pins the batch axis where TensorFlow aligns from the right,
// so ranks must agree.
#pragma once

#include "base/string.h"
#include "cards/layer_card.h"

namespace keraft::cards {

/// The layer was Merge, Keras 1's one class for many ways, in this mode; `kept`: the entry that says more, and this card's.
inline void formerly_merge(LayerCard& card, const char* mode, std::pair<std::string, std::string> kept = {}) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!kept.first.empty()) fields.push_back(std::move(kept));
  for (const char* entry : {"mode", "mode_type", "concat_axis", "dot_axes", "output_shape", "output_shape_type", "output_mask",
                            "output_mask_type", "arguments"})
    fields.emplace_back(entry, "");
  card.formerly("Merge", std::move(fields), {}, {{"mode", mode}});
}

inline bool equal_ranks(Match& m) {
  for (const Edge& edge : m.inputs) {
    const Shape shape = m.graph->type(edge).shape, first = m.graph->type(m.inputs.front()).shape;
    if (!shape.has_rank() || shape.rank() != first.rank() || shape.rank() < 2) return false;
  }
  return true;
}

inline bool is_data(const Graph& graph, Edge edge) {
  const Node& node = graph.at(edge.node);
  return node.op != "ir/Weight" && node.op != "tf/Const";
}

/// op(op(a, b), c), one after another in one scope of the source, is one call: adds to `m` the inputs in order and the nodes.
inline void add_chain(Match& m, NodeId root, const std::string& op, const std::string& other_op) {
  const Graph& graph = *m.graph;
  const auto scope = [&](NodeId id) { return base::scope_of(graph.at(id).name); };
  std::vector<Edge> inputs;
  NodeId id = root;
  for (int count = 0; count < 1000; ++count) {
    m.nodes.push_back(id);
    inputs.push_back(graph.at(id).inputs[1]);
    const Edge left = graph.at(id).inputs[0];
    const Node& before = graph.at(left.node);
    const bool same = (before.op == "tf/" + op || before.op == "tf/" + other_op) && before.layer < 0 && !before.dead;
    const bool together = scope(left.node) == scope(root) || scope(left.node) == graph.at(root).name;
    if (!same || before.inputs.size() != 2 || !together || m.readers(left.node) != 1) {
      inputs.push_back(left);
      break;
    }
    id = left.node;
  }
  m.inputs.insert(m.inputs.end(), inputs.rbegin(), inputs.rend());
}

/// A chain of a binary op with data on both sides.
inline LayerCard::Guard chain(const std::string& op, const std::string& other_op) {
  return [op, other_op](Match& m) {
    const NodeId root = m.nodes.front();
    m.nodes.clear();
    add_chain(m, root, op, other_op);
    for (const Edge& edge : m.inputs) {
      if (!is_data(*m.graph, edge)) return false;
    }
    return m.inputs.size() > 2 && equal_ranks(m);
  };
}

inline Edge lower_chain(LowerContext& c, const std::string& op) {
  if (c.inputs().size() < 2) c.fail("needs at least two inputs");
  Edge result = c.inputs().front();
  for (size_t i = 1; i < c.inputs().size(); ++i) result = c.op(op, {result, c.inputs()[i]});
  return result;
}

/// A layer of two inputs.
inline void merge_two(LayerCard& card, const std::string& op) {
  card.as_operation().also_reads("y = " + op + "(a, b)", {}, equal_ranks);
  card.lower_with([op](LowerContext& c) { return lower_chain(c, op); });
  card.fidelity(Fidelity::rounding).sample({}, {{2, 5, 3}, {2, 5, 3}}).sample({}, {{3, 4, 6}, {3, 1, 6}});
}

/// A layer of two inputs or more.
inline void merge(LayerCard& card, const std::string& op, const std::string& other_op = {}) {
  merge_two(card, op);
  card.recover_with({op}, 2, chain(op, other_op.empty() ? op : other_op));
  card.sample({}, {{2, 3}, {2, 3}, {2, 3}, {2, 3}});
}

}  // namespace keraft::cards
