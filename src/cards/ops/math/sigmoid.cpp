#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(sigmoid) {
  op.tf("Sigmoid").about("1 / (1 + exp(-x))").fidelity(Fidelity::approximate);
  op.tensorflow("tf.sigmoid({0})");
  op.code("ops.sigmoid({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::sigmoid);
  halves(op, [](auto x) {
    using T = decltype(x);
    const T e = std::exp(Wide<T>(x));
    return std::isinf(Wide<T>(e)) ? T(1) : T(e / T(1 + e));
  });
}
