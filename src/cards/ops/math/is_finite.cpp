#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(is_finite) {
  op.tf("IsFinite").about("whether x is a number and no infinity").fidelity(Fidelity::exact);
  op.tensorflow("tf.math.is_finite({0})");
  op.code("ops.isfinite({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) -> bool { return std::isfinite(Wide<decltype(x)>(x)); });
}
