#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(greater_equal) {
  op.tf("GreaterEqual").about("x ≥ y");
  op.tensorflow("{0} >= {1}");
  op.code("ops.greater_equal({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  comparison(op, kernels::CompareOp::greater_equal);
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
