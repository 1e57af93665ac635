#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(roll) {
  op.tf("Roll").about("axes shifted round");
  op.code("ops.roll({0}, {1}, axis={2})");
  op.in("input").in("shift").in("axis").out("output").attr("T").attr("Tshift").attr("Taxis");
  op.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank() && s.shape(0).rank() == 0) s.fail("needs an axis");
    s.same(0, 0);
  });
  op.kernel([](KernelContext& k) {
    const auto shifts = ints_of(k, 1), axes = ints_of(k, 2);
    if (shifts.size() != axes.size()) k.fail("needs a shift for each axis");
    Array now = k.array(0);
    const auto element = static_cast<int64_t>(size_of(now.dtype));
    for (size_t i = 0; i < axes.size() && now.elements() > 0; ++i) {
      const size_t axis = k.axis(axes[i], now.dims.size());
      const int64_t size = now.dims[axis], shift = shifts[i] % size;
      std::vector<int64_t> from;
      for (int64_t j = 0; j < size; ++j) from.push_back((j - shift + size) % size);
      int64_t outer = 1, row = element;
      for (size_t j = 0; j < now.dims.size(); ++j) (j < axis ? outer : row) *= j == axis ? 1 : now.dims[j];
      Array next = k.temporary(now.dtype, now.dims);
      kernels::gather_rows(k.kernels(), now.data.get(), next.data.get(), outer, size, row, from);
      now = std::move(next);
    }
    (*k.call().out)[0] = std::move(now);
  });
  op.sample({dims({2, 5}), scalar_i32(2), scalar_i32(1)});
  op.sample({dims({3, 4, 2}), given_i32({-1, 7}), given_i32({0, -2})});
  op.sample({dims({5}), given_i32({1, 1}), given_i32({0, 0})});
  op.sample({dims({0, 3}), scalar_i32(1), scalar_i32(0)});
}
