#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(asinh) {
  op.tf("Asinh").about("the inverse of sinh").fidelity(Fidelity::approximate);
  op.tensorflow("tf.asinh({0})");
  op.code("ops.arcsinh({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) { return std::asinh(Wide<decltype(x)>(x)); });
}
