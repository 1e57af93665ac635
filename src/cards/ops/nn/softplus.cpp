#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(softplus) {
  op.tf("Softplus").about("log(1 + exp(x))").fidelity(Fidelity::approximate);
  op.tensorflow("tf.nn.softplus({0})");
  op.code("ops.softplus({0})");
  op.in("features").out("activations").attr("T");
  mapped(op, kernels::UnaryOp::softplus);
  halves(op, [](auto x) {
    using T = decltype(x);
    // Where TensorFlow takes x or exp(x) for the result: log(epsilon) + 2, and Eigen's epsilon of float16 is 2^-13.
    const T edge = T(std::log(std::is_same_v<T, Half> ? 0x1p-13F : 0x1p-7F)) + 2;
    const T e = std::exp(Wide<T>(x));
    return x > -edge ? x : x < edge ? e : T(std::log1p(Wide<T>(e)));
  });
}
