#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(atanh) {
  op.tf("Atanh").about("the inverse of tanh").fidelity(Fidelity::approximate);
  op.tensorflow("tf.atanh({0})");
  op.code("ops.arctanh({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::atanh(Wide<decltype(x)>(x)); });
  op.sample({given<float>(DType::f32, {5}, {-1.0F, 1.0F, 0.25F, -0.75F, 1e-3F})});
}
