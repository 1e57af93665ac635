#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(softsign) {
  op.tf("Softsign").about("x / (1 + |x|)").fidelity(Fidelity::rounding);
  op.tensorflow("tf.nn.softsign({0})");
  op.code("ops.softsign({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::softsign);
  halves(op, [](auto x) {
    using T = decltype(x);
    return x / T(std::abs(Wide<T>(x)) + 1);
  });
}
