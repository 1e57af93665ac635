#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(sin) {
  op.tf("Sin").about("the sine").fidelity(Fidelity::approximate);
  op.tensorflow("tf.sin({0})");
  op.code("ops.sin({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::sin);
}
