#include "cards/elementwise.h"
#include "cards/shapes.h"
#include "kernels/special.h"

KERAFT_OP(lgamma) {
  op.tf("Lgamma").about("the logarithm of |Γ(x)|").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.lgamma({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return kernels::log_gamma(Wide<decltype(x)>(x)); });
  op.sample({given<float>(DType::f32, {7}, {0.5F, 1.0F, 3.5F, 100.0F, 1e-3F, -0.5F, -2.0F})});
}
