#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(maximum) {
  op.tf("Maximum").about("the larger one").commutative().fidelity(Fidelity::exact);
  op.tensorflow("tf.maximum({0}, {1})");
  op.code("ops.maximum({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::max);
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> { return max(x, y); }));
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
