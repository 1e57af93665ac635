#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(exp) {
  op.tf("Exp").about("e to the power of each element").fidelity(Fidelity::approximate);
  op.tensorflow("tf.exp({0})");
  op.code("ops.exp({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::exp);
}
