#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(not_equal) {
  op.tf("NotEqual").about("x ≠ y").commutative();
  op.tensorflow("tf.not_equal({0}, {1})");
  op.code("ops.not_equal({0}, {1})");
  op.in("x").in("y").out("z").attr("T").attr("incompatible_shape_error", true);
  comparison(op, kernels::CompareOp::not_equal);
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
