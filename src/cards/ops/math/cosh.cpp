#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(cosh) {
  op.tf("Cosh").about("the hyperbolic cosine").fidelity(Fidelity::approximate);
  op.tensorflow("tf.cosh({0})");
  op.code("ops.cosh({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::cosh(Wide<decltype(x)>(x)); });
}
