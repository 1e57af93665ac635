#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(any) {
  op.tf("Any").about("whether any is true, over axes");
  op.tensorflow("tf.reduce_any({0}, axis={1:only}, keepdims={keep_dims})");
  op.code("ops.any({0}, axis={1}, keepdims={keep_dims})");
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("Tidx", DType::i32);
  reduction_bool(op, kernels::ReduceOp::max);
}
