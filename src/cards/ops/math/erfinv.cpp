#include "cards/elementwise.h"
#include "cards/shapes.h"
#include "kernels/special.h"

KERAFT_OP(erfinv) {
  op.tf("Erfinv").about("the inverse of erf").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.erfinv({0})");
  op.code("ops.erfinv({0})");
  op.in("x").out("y").attr("T");
  unary(op, Types<float, double>{}, [](auto x) { return kernels::erf_inverse(x); });
  op.sample({given<float>(DType::f32, {5}, {-1.0F, 1.0F, 0.25F, -0.75F, 1e-3F})});
}
