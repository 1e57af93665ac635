#include "cards/elementwise.h"
#include "cards/shapes.h"
#include "kernels/special.h"

KERAFT_OP(digamma) {
  op.tf("Digamma").about("the derivative of lgamma").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.digamma({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return kernels::digamma(Wide<decltype(x)>(x)); });
  op.sample({given<float>(DType::f32, {7}, {0.5F, 1.0F, 3.5F, 100.0F, 1e-3F, -0.5F, -2.0F})});
}
