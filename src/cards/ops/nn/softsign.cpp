#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(softsign) {
  op.tf("Softsign").about("x / (1 + |x|)").fidelity(Fidelity::rounding);
  op.code("ops.softsign({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::softsign);
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({3, 1, 5})});
}
