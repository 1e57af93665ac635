#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(selu) {
  op.tf("Selu").about("scaled exponential linear unit").fidelity(Fidelity::approximate);
  op.code("ops.selu({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::selu);
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({3, 1, 5})});
}
