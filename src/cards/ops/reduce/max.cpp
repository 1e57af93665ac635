#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(max) {
  op.tf("Max").about("the largest over axes").fidelity(Fidelity::exact);
  op.tensorflow("tf.reduce_max({0}, axis={1:only}, keepdims={keep_dims})");
  op.code("ops.max({0}, axis={1}, keepdims={keep_dims})");
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("T").attr("Tidx", DType::i32);
  reduction(op, kernels::ReduceOp::max);
  op.ints(reduced_ints([](const Dim& a, const Dim& b) { return std::optional(max(a, b)); }, std::nullopt));
}
