// What Flatten and Reshape share: a raw reshape that keeps the batch axis.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// Sizes behind the batch axis; nothing when the op touches the batch or leaves a size open.
inline std::optional<Dims> inner_sizes(const Match& m) {
  const Shape in = m.shape("x"), out = m.shape("y");
  if (!in.has_rank() || !out.has_rank() || in.rank() < 1 || out.rank() < 2 || !(in[0] == out[0])) return std::nullopt;
  return Dims(out.dims().begin() + 1, out.dims().end());
}

}  // namespace keraft::cards
