#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(square) {
  op.tf("Square").about("each element times itself").fidelity(Fidelity::rounding);
  op.tensorflow("tf.square({0})");
  op.code("ops.square({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::square, Integers{}, [](auto x) { return times(x, x); });
  op.sample({given_i32({-7, 0, 3, 100})}, {{"T", DType::i32}});
}
