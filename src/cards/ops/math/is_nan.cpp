#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(is_nan) {
  op.tf("IsNan").about("whether x is not a number").fidelity(Fidelity::exact);
  op.tensorflow("tf.math.is_nan({0})");
  op.code("ops.isnan({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) -> bool { return std::isnan(Wide<decltype(x)>(x)); });
}
