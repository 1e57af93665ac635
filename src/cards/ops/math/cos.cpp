#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(cos) {
  op.tf("Cos").about("the cosine").fidelity(Fidelity::approximate);
  op.tensorflow("tf.cos({0})");
  op.code("ops.cos({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::cos);
}
