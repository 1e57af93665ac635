#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(round) {
  op.tf("Round").also("Rint").about("the nearest integer, ties to even").fidelity(Fidelity::exact);
  op.code("ops.round({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::round, Integers{}, [](auto x) { return x; });
  op.sample({given<float>(DType::f32, {6}, {0.5F, 1.5F, -0.5F, -2.5F, 2.4999F, 7.0F})});
}
