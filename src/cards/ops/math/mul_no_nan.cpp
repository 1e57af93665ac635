#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(mul_no_nan) {
  op.tf("MulNoNan").about("x · y, or 0 where y is 0").fidelity(Fidelity::rounding);
  op.tensorflow("tf.math.multiply_no_nan({0}, {1})");
  op.code("ops.where(ops.equal({1}, 0.0), 0.0, ops.multiply({0}, {1}))");
  op.in("x").in("y").out("z").attr("T");
  binary(op, AllFloats{}, [](auto x, auto y) {
    using T = decltype(x);
    return y == T(0) ? T(0) : T(x * y);
  });
  op.sample({given<float>(DType::f32, {3}, {INFINITY, NAN, 2.0F}), given<float>(DType::f32, {3}, {0.0F, -0.0F, 2.0F})});
}
