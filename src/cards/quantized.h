// Types whose integers stand for floats.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// The integer type of a quantized one: int8 of qint8. Other types are themselves.
DType stored(DType dtype);

/// Calls fn(T{}) for the integer type of a quantized one; throws Status::unsupported for others.
template <class Fn>
void dispatch_quantized(const ShapeContext& s, DType dtype, Fn&& fn) {
  dispatch(s, stored(dtype) == dtype ? DType::invalid : stored(dtype), Types<int8_t, uint8_t, int16_t, uint16_t, int32_t>{},
           fn);
}

/// The slices along an attribute's axis, each with numbers of its own; one slice for -1.
struct QuantizedAxis {
  int64_t count = 1, inner = 1;
  /// Fails unless inputs 1 and 2 hold a float for each slice.
  explicit QuantizedAxis(const KernelContext& k);
  int64_t slice(int64_t element) const { return element / inner % count; }
};

}  // namespace keraft::cards
