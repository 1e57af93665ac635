#include "cards/top_k.h"

#include <algorithm>
#include <numeric>

namespace keraft::cards {

void top_k_shape(ShapeContext& s, std::optional<int64_t> count, DType index_type) {
  const Shape& in = s.shape(0);
  if (in.has_rank() && in.rank() == 0) s.fail("needs an axis");
  if (count && *count < 0) s.fail("k is " + std::to_string(*count));
  Shape out = in;
  if (in.has_rank()) {
    Dim& last = out.dims().back();
    if (count && last.known() && last.value() < *count) s.fail("takes " + std::to_string(*count) + " of " + in.text());
    last = count ? Dim(*count) : unknown_dim(s, 0, in.rank() - 1);
  }
  s.out(0, s.dtype(0), out);
  s.out(1, index_type, out);
}

void top_k(KernelContext& k) {
  const Array& in = k.array(0);
  Array &values = k.result(0), &indices = k.result(1);
  const int64_t columns = in.dims.back(), count = values.dims.back();
  if (values.elements() == 0) return;
  const int64_t rows = in.elements() / columns;
  dispatch(k, indices.dtype, Types<int32_t, int64_t, int16_t>{}, [&](auto index) {
    using I = decltype(index);
    dispatch(k, in.dtype, Reals{}, [&](auto type) {
      using T = decltype(type);
      k.kernels().threads().parallel_for(rows, 1, [&](int64_t begin, int64_t end) {
        std::vector<int64_t> order(static_cast<size_t>(columns));
        for (int64_t r = begin; r < end; ++r) {
          const T* x = in.as<T>() + r * columns;
          std::iota(order.begin(), order.end(), 0);
          std::partial_sort(order.begin(), order.begin() + count, order.end(), [x](int64_t a, int64_t b) {
            // NaN comes last, so that the order is one.
            const bool first = x[a] == x[a], second = x[b] == x[b];
            if (first != second) return first;
            return x[a] > x[b] || (!(x[b] > x[a]) && a < b);
          });
          for (int64_t i = 0; i < count; ++i) {
            values.as<T>()[r * count + i] = x[order[static_cast<size_t>(i)]];
            indices.as<I>()[r * count + i] = static_cast<I>(order[static_cast<size_t>(i)]);
          }
        }
      });
    });
  });
}

}  // namespace keraft::cards
