#include "cards/reduction.h"
#include "cards/shapes.h"

KERAFT_OP(euclidean_norm) {
  op.tf("EuclideanNorm").about("the square root of the sum of the squares over axes").fidelity(Fidelity::approximate);
  op.in("input").in("reduction_indices").out("output").attr("keep_dims", false).attr("T").attr("Tidx", DType::i32);
  reduction(op, kernels::ReduceOp::norm);
}
