#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(max) {
  op.tf("Max").about("the largest over axes").fidelity(Fidelity::exact);
  op.code("ops.max({0}, axis={1}, keepdims={keep_dims})");
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("T").attr("Tidx", DType::i32);
  reduction(op, kernels::ReduceOp::max);
  op.ints(reduced_ints([](const Dim& a, const Dim& b) { return std::optional(max(a, b)); }, std::nullopt));
  op.sample({dims({2, 3, 4}), given_i32({1})});
  op.sample({dims({2, 3, 4}), given_i32({0, -1})}, {{"keep_dims", true}});
  op.sample({dims({5}), scalar_i32(0)});
  op.sample({dims({2, 3}), given_i32(std::vector<int32_t>{})});
  op.sample({dims({2, 7, 7, 5}), given_i32({1, 2})});
}
