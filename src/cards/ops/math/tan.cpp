#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(tan) {
  op.tf("Tan").about("the tangent").fidelity(Fidelity::approximate);
  op.tensorflow("tf.tan({0})");
  op.code("ops.tan({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::tan(Wide<decltype(x)>(x)); });
}
