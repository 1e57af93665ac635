#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(sinh) {
  op.tf("Sinh").about("the hyperbolic sine").fidelity(Fidelity::approximate);
  op.tensorflow("tf.sinh({0})");
  op.code("ops.sinh({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::sinh(Wide<decltype(x)>(x)); });
}
