#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(elu) {
  op.tf("Elu").about("x, or exp(x) - 1 below 0").fidelity(Fidelity::approximate);
  op.code("ops.elu({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::elu, {}, 1.0);
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({3, 1, 5})});
}
