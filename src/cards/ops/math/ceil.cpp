#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(ceil) {
  op.tf("Ceil").about("the smallest integer not below").fidelity(Fidelity::exact);
  op.tensorflow("tf.math.ceil({0})");
  op.code("ops.ceil({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::ceil);
}
