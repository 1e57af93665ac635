#pragma once

#include <cstring>

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// The number of bins, input 1.
inline Dim bins(const ShapeContext& s) {
  if (!s.ints(1)) return unknown_dim(s, 0, 0);
  if (s.ints(1)->size() != 1) s.fail("size must be one number");
  need_sizes(s, *s.ints(1));
  return s.ints(1)->front();
}

/// Numbers (input 0) in `rows` rows are counted, or their weights (input 2) summed; those past the last bin are left out.
inline void count_bins(KernelContext& k, int64_t rows, bool binary) {
  const auto numbers = ints_of(k, 0);
  const Array& weights = k.array(2);
  if (weights.elements() != 0 && weights.elements() != k.array(0).elements()) k.fail("needs a weight for each number");
  Array& out = k.result();
  std::memset(out.data.get(), 0, out.bytes());
  const int64_t count = out.dims.back(), columns = rows == 0 ? 0 : k.array(0).elements() / rows;
  dispatch(k, out.dtype, Numbers{}, [&](auto type) {
    using T = decltype(type);
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] < 0) k.fail("a number is negative");
      if (numbers[i] >= count) continue;
      T& bin = out.as<T>()[static_cast<int64_t>(i) / columns * count + numbers[i]];
      bin = binary ? T(1) : plus(bin, weights.elements() == 0 ? T(1) : weights.as<T>()[i]);
    }
  });
}

}  // namespace keraft::cards
