#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(reciprocal) {
  op.tf("Reciprocal").also("Inv").about("1 / x").fidelity(Fidelity::rounding);
  op.tensorflow("tf.math.reciprocal({0})");
  op.code("ops.reciprocal({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::reciprocal);
  op.sample({given<float>(DType::f32, {5}, {0.25F, 1.0F, 3.5F, 100.0F, 1e-3F})});
  op.sample({given<double>(DType::f64, {2, 2}, {0.5, 2.0, 7.25, 1e5})}, {{"T", DType::f64}});
}
