#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(expm1) {
  op.tf("Expm1").about("exp(x) - 1").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.expm1({0})");
  op.code("ops.expm1({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::expm1);
}
