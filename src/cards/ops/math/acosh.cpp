#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(acosh) {
  op.tf("Acosh").about("the inverse of cosh").fidelity(Fidelity::approximate);
  op.tensorflow("tf.acosh({0})");
  op.code("ops.arccosh({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::acosh(Wide<decltype(x)>(x)); });
  op.sample({given<float>(DType::f32, {5}, {1.0F, 1.25F, 3.5F, 100.0F, 1e6F})});
}
