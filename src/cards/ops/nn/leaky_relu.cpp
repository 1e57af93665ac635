#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(leaky_relu) {
  op.tf("LeakyRelu").about("x, or alpha * x below 0").fidelity(Fidelity::rounding);
  op.code("ops.leaky_relu({0}, negative_slope={alpha})");
  op.in("features").out("activations").attr("alpha", 0.2).attr("T", DType::f32);
  mapped(op, kernels::UnaryOp::leaky_relu, "alpha");
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({3, 1, 5})});
  op.sample({dims({4, 3})}, {{"alpha", 0.01}});
}
