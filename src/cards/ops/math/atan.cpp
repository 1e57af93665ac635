#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(atan) {
  op.tf("Atan").about("the angle of this tangent").fidelity(Fidelity::approximate);
  op.tensorflow("tf.atan({0})");
  op.code("ops.arctan({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::atan(Wide<decltype(x)>(x)); });
}
