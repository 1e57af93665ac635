#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(prod) {
  op.tf("Prod").about("the product over axes").fidelity(Fidelity::approximate);
  op.tensorflow("tf.reduce_prod({0}, axis={1:only}, keepdims={keep_dims})");
  op.code("ops.prod({0}, axis={1}, keepdims={keep_dims})");
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("T").attr("Tidx", DType::i32);
  reduction(op, kernels::ReduceOp::prod);
  op.ints(reduced_ints([](const Dim& a, const Dim& b) { return std::optional(a * b); }, Dim(1)));
  op.sample({given_i32({1, 2, 3}), scalar_i32(0)}, {{"T", DType::i32}});
}
