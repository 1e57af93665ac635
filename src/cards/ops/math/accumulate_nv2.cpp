#include "cards/elementwise.h"

KERAFT_OP(accumulate_nv2) {
  op.tf("AccumulateNV2").about("the sum of tensors of one shape").fidelity(Fidelity::rounding);
  op.tensorflow("tf.add_n({inputs})");
  op.code("ops.sum(ops.stack({inputs}, axis=0), axis=0)");
  op.in_list("inputs").out("sum").attr("N").attr("T").attr("shape");
  add_n(op);
  op.sample({dims({2, 3}), dims({2, 3})}, {{"shape", Shape{Dim(2), Dim(3)}}});
  op.sample({dims({4}), dims({4}), dims({4})}, {{"shape", Shape{Dim(4)}}});
  op.sample({dims({})}, {{"shape", Shape(Dims{})}});
}
