#pragma once

#include <span>

#include "binary.h"

namespace keraft::kernels {

enum class ReduceOp { sum, mean, max, min, prod, norm };

/// Reduces `axes` (each in [0, rank), in any order, without repetition) of a row-major array; `y`
/// holds the remaining axes in their order. No axes: a copy.
/// float is summed in double. Integers wrap around; their mean is the quotient of the sum in 64 bits, rounded to
/// zero.
/// NaN wins in max and min. Of nothing: sum 0, prod 1, mean NaN (integers 0), max the lowest value
/// (-infinity), min the highest. norm: the square root of the sum of the squares.
/// T: float, double and all integers of 8 to 64 bits.
template <class T>
void reduce(const Kernels& kernels, ReduceOp op, const T* x, std::span<const std::int64_t> shape, std::span<const int> axes,
            T* y);

#define KERAFT_REDUCE(T) \
  extern template void reduce(const Kernels&, ReduceOp, const T*, std::span<const std::int64_t>, std::span<const int>, T*);
KERAFT_NUMBERS(KERAFT_REDUCE)
#undef KERAFT_REDUCE

}  // namespace keraft::kernels
