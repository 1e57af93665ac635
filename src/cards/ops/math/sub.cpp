#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(sub) {
  op.tf("Sub").about("x - y").fidelity(Fidelity::rounding);
  op.tensorflow("{0} - {1}");
  op.code("ops.subtract({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  op.fuses(Fusion::subtract);
  binary(op, kernels::BinaryOp::sub);
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> { return x - y; }));
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
