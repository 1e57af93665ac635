#include <cmath>
#include "cards/code_guards.h"
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(xlog1py) {
  op.tf("Xlog1py").about("x · log(1 + y), or 0 where x is 0").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.xlog1py({0}, {1})");
  op.code_with([](CodeContext& k) { return cards::guarded_product_code(k, "Log1p", std::log1p); });
  op.in("x").in("y").out("z").attr("T");
  binary(op, AllFloats{}, [](auto x, auto y) {
    using T = decltype(x);
    const T log_y = T(std::log1p(Wide<T>(y)));
    return x == T(0) ? T(0) : T(x * log_y);
  });
  op.sample({dims({2, 3}), given<float>(DType::f32, {3}, {0.5F, 2.0F, 7.0F})});
  op.sample({given<float>(DType::f32, {3}, {0.0F, -0.0F, 2.0F}), given<float>(DType::f32, {3}, {0.0F, NAN, 5.0F})});
}
