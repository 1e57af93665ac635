#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(equal) {
  op.tf("Equal").about("x = y").commutative();
  op.tensorflow("tf.equal({0}, {1})");
  op.code("ops.equal({0}, {1})");
  op.in("x").in("y").out("z").attr("T").attr("incompatible_shape_error", true);
  comparison(op, kernels::CompareOp::equal);
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
