#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(erf) {
  op.tf("Erf").about("the error function").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.erf({0})");
  op.code("ops.erf({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::erf);
}
