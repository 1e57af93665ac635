#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(less_equal) {
  op.tf("LessEqual").about("x ≤ y");
  op.tensorflow("{0} <= {1}");
  op.code("ops.less_equal({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  comparison(op, kernels::CompareOp::less_equal);
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
