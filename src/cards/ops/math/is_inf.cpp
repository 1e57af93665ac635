#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(is_inf) {
  op.tf("IsInf").about("whether x is an infinity").fidelity(Fidelity::exact);
  op.tensorflow("tf.math.is_inf({0})");
  op.code("ops.isinf({0})");
  op.in("x").out("y").attr("T");
  unary(op, AllFloats{}, [](auto x) -> bool { return std::isinf(Wide<decltype(x)>(x)); });
}
