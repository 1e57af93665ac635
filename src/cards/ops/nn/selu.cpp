#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(selu) {
  op.tf("Selu").about("scaled exponential linear unit").fidelity(Fidelity::approximate);
  op.tensorflow("tf.nn.selu({0})");
  op.code("ops.selu({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::selu);
  halves(op, [](auto x) {
    using T = decltype(x);
    const T scale(1.0507009873554805), scale_alpha(1.7580993408473769);
    return x < T(0) ? scale_alpha * T(T(std::exp(Wide<T>(x))) - 1) : scale * x;
  });
}
