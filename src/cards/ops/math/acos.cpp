#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(acos) {
  op.tf("Acos").about("the angle of this cosine").fidelity(Fidelity::approximate);
  op.tensorflow("tf.acos({0})");
  op.code("ops.arccos({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::acos(Wide<decltype(x)>(x)); });
  op.sample({given<float>(DType::f32, {5}, {-1.0F, 1.0F, 0.25F, -0.75F, 1e-3F})});
}
