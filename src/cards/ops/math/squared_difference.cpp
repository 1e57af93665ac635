#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(squared_difference) {
  op.tf("SquaredDifference").about("(x - y)²").commutative().fidelity(Fidelity::rounding);
  op.tensorflow("tf.math.squared_difference({0}, {1})");
  op.code("ops.square(ops.subtract({0}, {1}))");
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::squared_difference);
  halves(op, [](auto x, auto y) {
    using T = decltype(x);
    const T difference = x - y;
    return T(difference * difference);
  });
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
