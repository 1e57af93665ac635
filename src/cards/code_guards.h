// When keras.ops computes what the op does.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// keras.ops turns other numbers into float32 first.
inline bool reads_floats(const ShapeContext& s) { return is_floating(s.dtype(0)); }

/// The condition has the rank of what it chooses from, as numpy wants it.
inline bool same_rank(const ShapeContext& s) {
  return s.shape(0).has_rank() && s.shape(1).has_rank() && s.shape(0).rank() == s.shape(1).rank();
}

/// The matrix products of keras.ops are of two or more axes.
inline bool matrices(const ShapeContext& s) {
  return s.shape(0).has_rank() && s.shape(1).has_rank() && s.shape(0).rank() >= 2 && s.shape(1).rank() >= 2;
}

}  // namespace keraft::cards
