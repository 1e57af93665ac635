#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(erfc) {
  op.tf("Erfc").about("1 - erf(x)").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.erfc({0})");
  op.code("ops.subtract(1.0, ops.erf({0}))");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::erfc);
}
