#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(pow) {
  op.tf("Pow").about("x to the power of y").fidelity(Fidelity::approximate);
  op.tensorflow("{0}**{1}");
  op.code("ops.power({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::pow);
  op.sample(
      {given<float>(DType::f32, {4}, {2.0F, 3.0F, 0.5F, 9.0F}), given<float>(DType::f32, {4}, {3.0F, 0.5F, -2.0F, 0.0F})});
  op.sample({given_i32({2, 3, -2}), given_i32({5, 0, 3})}, {{"T", DType::i32}});
}
