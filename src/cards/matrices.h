// Ops on square matrices in the last two axes.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/linear.h"

namespace keraft::cards {

/// The size of the square matrices of input 0; fails for others.
inline Dim square(const ShapeContext& s) {
  const Shape& in = s.shape(0);
  if (in.rank() < 2) s.fail("needs matrices, not " + in.text());
  return unify(s, Shape{in[in.rank() - 2]}, Shape{in[in.rank() - 1]})[0];
}

/// Output 0 is like input 0, which holds square matrices.
inline void square_shape(ShapeContext& s) {
  if (s.shape(0).has_rank()) square(s);
  s.same(0, 0);
}

/// Calls fn(matrix as doubles, transposed if asked for, its number) for each matrix of input 0.
template <class Fn>
void each_matrix(KernelContext& k, bool transpose, Fn fn) {
  const Array& in = k.array(0);
  const int64_t n = in.dims.back(), count = n == 0 ? 0 : in.elements() / (n * n);
  dispatch(k, in.dtype, Floats{}, [&](auto type) {
    for (int64_t m = 0; m < count; ++m) {
      const auto* from = in.as<decltype(type)>() + m * n * n;
      std::vector<double> matrix(static_cast<size_t>(n * n));
      for (int64_t i = 0; i < n * n; ++i)
        matrix[static_cast<size_t>(transpose ? i % n * n + i / n : i)] = static_cast<double>(from[i]);
      fn(type, std::move(matrix), m);
    }
  });
}

}  // namespace keraft::cards
