#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(rsqrt) {
  op.tf("Rsqrt").about("one over the square root").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.rsqrt({0})");
  op.code("ops.rsqrt({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::rsqrt);
  op.sample({given<float>(DType::f32, {5}, {0.25F, 1.0F, 3.5F, 100.0F, 1e-3F})});
  op.sample({given<double>(DType::f64, {2, 2}, {0.5, 2.0, 7.25, 1e5})}, {{"T", DType::f64}});
}
