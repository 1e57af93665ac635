#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(asin) {
  op.tf("Asin").about("the angle of this sine").fidelity(Fidelity::approximate);
  op.tensorflow("tf.asin({0})");
  op.code("ops.arcsin({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::asin(Wide<decltype(x)>(x)); });
  op.sample({given<float>(DType::f32, {5}, {-1.0F, 1.0F, 0.25F, -0.75F, 1e-3F})});
}
