#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(mul) {
  op.tf("Mul").about("x * y").commutative().fidelity(Fidelity::rounding);
  op.tensorflow("{0} * {1}");
  op.code("ops.multiply({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  op.fuses(Fusion::multiply);
  binary(op, kernels::BinaryOp::mul);
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> { return x * y; }));
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
