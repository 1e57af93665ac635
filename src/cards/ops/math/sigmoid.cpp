#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(sigmoid) {
  op.tf("Sigmoid").about("1 / (1 + exp(-x))").fidelity(Fidelity::approximate);
  op.code("ops.sigmoid({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::sigmoid);
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({3, 1, 5})});
}
