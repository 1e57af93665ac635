#include "cards/code_guards.h"
#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(mean) {
  op.tf("Mean").about("the mean over axes").fidelity(Fidelity::approximate);
  op.tensorflow("tf.reduce_mean({0}, axis={1:only}, keepdims={keep_dims})");
  op.code("ops.mean({0}, axis={1}, keepdims={keep_dims})", {}, reads_floats);
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("T").attr("Tidx", DType::i32);
  reduction(op, kernels::ReduceOp::mean);
}
