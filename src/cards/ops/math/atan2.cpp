#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(atan2) {
  op.tf("Atan2").about("the angle of the point (y, x)").fidelity(Fidelity::approximate);
  op.tensorflow("tf.atan2({0}, {1})");
  op.code("ops.arctan2({0}, {1})");
  op.in("y").in("x").out("z").attr("T");
  binary(op, AllFloats{}, [](auto y, auto x) { return std::atan2(Wide<decltype(y)>(y), Wide<decltype(x)>(x)); });
}
