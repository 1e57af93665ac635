#include "cards/code_guards.h"
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(real_div) {
  op.tf("RealDiv").about("x / y of real numbers").fidelity(Fidelity::rounding);
  op.tensorflow("{0} / {1}", {}, reads_floats);
  op.code("ops.divide({0}, {1})", {}, reads_floats);
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::div);
}
