#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(log1p) {
  op.tf("Log1p").about("log(1 + x)").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.log1p({0})");
  op.code("ops.log1p({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::log1p);
  op.sample({given<float>(DType::f32, {5}, {0.25F, 1.0F, 3.5F, 100.0F, 1e-3F})});
  op.sample({given<double>(DType::f64, {2, 2}, {0.5, 2.0, 7.25, 1e5})}, {{"T", DType::f64}});
}
