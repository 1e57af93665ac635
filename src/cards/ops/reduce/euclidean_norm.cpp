#include "cards/code_guards.h"
#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(euclidean_norm) {
  op.tf("EuclideanNorm").about("the square root of the sum of the squares over axes").fidelity(Fidelity::approximate);
  op.code("ops.sqrt(ops.sum(ops.square({0}), axis={1}, keepdims={keep_dims}))", {}, cards::reads_floats);
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("T").attr("Tidx", DType::i32);
  reduction(op, kernels::ReduceOp::norm);
}
