#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(xdivy) {
  op.tf("Xdivy").about("x / y, or 0 where x is 0").fidelity(Fidelity::rounding);
  op.tensorflow("tf.math.xdivy({0}, {1})");
  op.code("ops.where(ops.equal({0}, 0.0), 0.0, ops.divide({0}, {1}))");
  op.in("x").in("y").out("z").attr("T");
  binary(op, AllFloats{}, [](auto x, auto y) {
    using T = decltype(x);
    return x == T(0) ? T(0) : T(x / y);
  });
  op.sample({given<float>(DType::f32, {3}, {0.0F, -0.0F, 2.0F}), given<float>(DType::f32, {3}, {0.0F, NAN, 0.0F})});
}
