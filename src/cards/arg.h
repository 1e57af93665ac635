// ArgMax and ArgMin.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

inline void arg_shape(ShapeContext& s) {
  const auto axis = number(s, 1);
  const Shape& in = s.shape(0);
  if (!in.has_rank()) return s.out(0, s.type("output_type"), Shape());
  if (in.rank() == 0) s.fail("needs an axis to search");
  if (!axis) return s.out(0, s.type("output_type"), unknown_dims(s, 0, in.rank() - 1));
  Dims out = in.dims();
  const size_t at = s.axis(*axis, in.rank());
  if (out[at].is(0)) s.fail("searches an empty axis of " + in.text());
  out.erase(out.begin() + static_cast<std::ptrdiff_t>(at));
  s.out(0, s.type("output_type"), out);
}

/// The first index whose element is `better` than all before.
template <class Better>
void arg_reduce(KernelContext& k, Better better) {
  const Array& in = k.array(0);
  Array& out = k.result();
  const size_t axis = k.axis(ints_of(k, 1).at(0), in.dims.size());
  int64_t outer = 1, inner = 1;
  const int64_t size = in.dims[axis];
  for (size_t i = 0; i < in.dims.size(); ++i) {
    if (i < axis) outer *= in.dims[i];
    if (i > axis) inner *= in.dims[i];
  }
  dispatch(k, in.dtype == DType::boolean ? DType::u8 : in.dtype, AllNumbers{}, [&](auto type) {
    using T = decltype(type);
    const T* x = in.as<T>();
    dispatch(k, out.dtype, Types<int32_t, int64_t>{}, [&](auto index) {
      using I = decltype(index);
      I* y = out.as<I>();
      for (int64_t o = 0; o < outer; ++o) {
        for (int64_t i = 0; i < inner; ++i) {
          const T* line = x + o * size * inner + i;
          int64_t best = 0;
          for (int64_t j = 1; j < size; ++j) {
            if (better(line[j * inner], line[best * inner])) best = j;
          }
          y[o * inner + i] = static_cast<I>(best);
        }
      }
    });
  });
}

}  // namespace keraft::cards
