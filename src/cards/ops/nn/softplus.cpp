#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(softplus) {
  op.tf("Softplus").about("log(1 + exp(x))").fidelity(Fidelity::approximate);
  op.code("ops.softplus({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::softplus);
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({3, 1, 5})});
}
