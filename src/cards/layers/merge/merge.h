// Layers that join two tensors of equal rank element by element. Keras pins the batch axis where TensorFlow aligns from the
// right, so ranks must agree.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

inline bool equal_ranks(Match& m) {
  for (const Edge& edge : m.inputs) {
    const Shape shape = m.graph->type(edge).shape, first = m.graph->type(m.inputs.front()).shape;
    if (!shape.has_rank() || shape.rank() != first.rank() || shape.rank() < 2) return false;
  }
  return true;
}

inline void merge(LayerCard& card, const std::string& op) {
  card.also_reads("y = " + op + "(a, b)", {}, equal_ranks);
  card.lower_with([op](LowerContext& c) {
    if (c.inputs().size() < 2) c.fail("needs at least two inputs");
    Edge result = c.inputs().front();
    for (size_t i = 1; i < c.inputs().size(); ++i) result = c.op(op, {result, c.inputs()[i]});
    return result;
  });
  card.fidelity(Fidelity::rounding).sample({}, {{2, 5, 3}, {2, 5, 3}}).sample({}, {{3, 4, 6}, {3, 1, 6}});
}

}  // namespace keraft::cards
