#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(min) {
  op.tf("Min").about("the smallest over axes").fidelity(Fidelity::exact);
  op.tensorflow("tf.reduce_min({0}, axis={1:only}, keepdims={keep_dims})");
  op.code("ops.min({0}, axis={1}, keepdims={keep_dims})");
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("T").attr("Tidx", DType::i32);
  reduction(op, kernels::ReduceOp::min);
}
