#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(all) {
  op.tf("All").about("whether all are true, over axes");
  op.tensorflow("tf.reduce_all({0}, axis={1:only}, keepdims={keep_dims})");
  op.code("ops.all({0}, axis={1}, keepdims={keep_dims})");
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("Tidx", DType::i32);
  reduction_bool(op, kernels::ReduceOp::min);
}
