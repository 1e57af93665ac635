#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(floor_mod) {
  op.tf("FloorMod").about("the rest of FloorDiv").fidelity(Fidelity::rounding);
  op.tensorflow("{0} % {1}");
  op.code("ops.mod({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::floor_mod);
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> {
    if (!y.known() || y.is(0) || y.is(-1)) return std::nullopt;
    if (!x.known()) return x - x.floor_div(y) * y;
    const int64_t rest = x.value() % y.value();
    return Dim(rest != 0 && (rest < 0) != (y.value() < 0) ? rest + y.value() : rest);
  }));
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
