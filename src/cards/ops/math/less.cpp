#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(less) {
  op.tf("Less").about("x < y");
  op.tensorflow("{0} < {1}");
  op.code("ops.less({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  comparison(op, kernels::CompareOp::less);
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
