#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(tanh) {
  op.tf("Tanh").about("the hyperbolic tangent").fidelity(Fidelity::approximate);
  op.tensorflow("tf.tanh({0})");
  op.code("ops.tanh({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::tanh);
}
