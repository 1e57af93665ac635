// LowerBound and UpperBound.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// All but the name and what it is about. `find`: (first, last, value) → place, as std::lower_bound.
template <class Find>
void sorted_search_card(OpCard& op, Find find) {
  op.in("sorted_inputs").in("values").out("output").attr("T").attr("out_type", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 2);
    need_rank(s, 1, 2);
    need_same_type(s);
    if (s.shape(0).has_rank() && s.shape(1).has_rank()) unify(s, Shape{s.shape(0)[0]}, Shape{s.shape(1)[0]});
    s.out(0, s.type("out_type"), s.shape(1));
  });
  op.kernel([find](KernelContext& k) {
    const Array &sorted = k.array(0), &values = k.array(1);
    Array& out = k.result();
    if (out.elements() == 0) return;
    const int64_t rows = values.dims[0], columns = values.dims[1], size = sorted.dims[1];
    dispatch(k, out.dtype, Types<int32_t, int64_t>{}, [&](auto index) {
      dispatch(k, values.dtype, Reals{}, [&](auto type) {
        using T = decltype(type);
        for (int64_t i = 0; i < rows * columns; ++i) {
          const T* row = sorted.as<T>() + i / columns * size;
          out.as<decltype(index)>()[i] = static_cast<decltype(index)>(find(row, row + size, values.as<T>()[i]) - row);
        }
      });
    });
  });
  op.sample({given<float>(DType::f32, {2, 3}, {-2, 0, 1, 0, 0, 4}), dims({2, 5})});
  op.sample({given<int32_t>(DType::i32, {1, 4}, {1, 3, 3, 7}), given<int32_t>(DType::i32, {1, 2}, {3, 8})},
            {{"T", DType::i32}});
  op.sample({dims({2, 0}), dims({2, 3})}, {{"out_type", DType::i64}});
}

}  // namespace keraft::cards
