#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(elu) {
  op.tf("Elu").about("x, or exp(x) - 1 below 0").fidelity(Fidelity::approximate);
  op.tensorflow("tf.nn.elu({0})");
  op.code("ops.elu({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::elu, {}, 1.0);
  halves(op, [](auto x) {
    using T = decltype(x);
    return x < T(0) ? T(T(std::exp(Wide<T>(x))) - 1) : x;
  });
}
