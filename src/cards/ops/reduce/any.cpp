#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(any) {
  op.tf("Any").about("whether any is true, over axes");
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("Tidx", DType::i32);
  reduction_bool(op, kernels::ReduceOp::max);
  op.sample({given_bool({2, 3}, {1, 0, 1, 1, 1, 1}), given_i32({1})});
  op.sample({given_bool({2, 3}, {0, 0, 1, 0, 0, 1}), given_i32({0})}, {{"keep_dims", true}});
  op.sample({given_bool({2, 0}, {}), given_i32({1})});
}
