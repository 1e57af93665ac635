#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(leaky_relu) {
  op.tf("LeakyRelu").about("x, or alpha * x below 0").fidelity(Fidelity::rounding);
  op.tensorflow("tf.nn.leaky_relu({0}, alpha={alpha})");
  op.code("ops.leaky_relu({0}, negative_slope={alpha})");
  op.in("features").out("activations").attr("alpha", 0.2).attr("T", DType::f32);
  mapped(op, kernels::UnaryOp::leaky_relu, "alpha");
  halves_by(op, [](const KernelContext& k) {
    return [alpha = k.real("alpha")](auto x) { return x > 0 ? x : decltype(x)(decltype(x)(alpha) * x); };
  });
  op.sample({dims({4, 3})}, {{"alpha", 0.01}});
}
