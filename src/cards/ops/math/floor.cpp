#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(floor) {
  op.tf("Floor").about("the largest integer not above").fidelity(Fidelity::exact);
  op.tensorflow("tf.floor({0})");
  op.code("ops.floor({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::floor);
}
