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

/// Sizes for Reshape: the input's batch, taken when it runs where it is open, and `inner`, one of which may be open.
inline Edge with_batch(LowerContext& c, const std::vector<int32_t>& inner) {
  const auto ints = [&](const std::vector<int32_t>& values) {
    return c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values));
  };
  const Edge x = c.inputs().front();
  const Shape shape = c.type(x).shape;
  if (shape.has_rank() && shape.rank() > 0 && shape[0].known()) {
    std::vector<int32_t> all{static_cast<int32_t>(shape[0].value())};
    all.insert(all.end(), inner.begin(), inner.end());
    return ints(all);
  }
  const Edge batch = c.op("Slice", {c.op("Shape", {x}, {{"out_type", DType::i32}}), ints({0}), ints({1})});
  const Edge axis = c.constant(make_tensor<int32_t>(DType::i32, {}, std::vector<int32_t>{0}));
  return c.op("ConcatV2", {batch, ints(inner), axis});
}

}  // namespace keraft::cards
