// What StridedSlice means, axis by axis.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

struct SliceAxis {
  size_t in = 0;                 ///< axis of the input; unused for a new axis
  bool added = false;            ///< a new axis of size 1
  bool dropped = false;          ///< one index is taken, the axis goes
  Dim size;                      ///< of the result
  std::optional<int64_t> begin;  ///< first index, where known
  int64_t stride = 1;
};

/// In the order of the result's axes, dropped ones in their places. Nothing when begin, end or strides are unknown.
std::optional<std::vector<SliceAxis>> strided_slice(const ShapeContext& s);

/// The slices of input 0 as calls of keras.ops that every Keras 3 has; nothing where sizes must be known and are not.
std::optional<std::vector<Edge>> sliced_code(CodeContext& k, const std::vector<SliceAxis>& axes);

}  // namespace keraft::cards
