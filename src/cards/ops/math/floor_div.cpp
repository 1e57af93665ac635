#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(floor_div) {
  op.tf("FloorDiv").about("x / y rounded down").fidelity(Fidelity::rounding);
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::floor_div);
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> {
    if (y.is(0)) return std::nullopt;
    return x.floor_div(y);
  }));
  op.sample({dims({2, 3}), dims({2, 3})});
  op.sample({dims({2, 3}), dims({3})});
  op.sample({dims({4, 1, 2}), dims({5, 1})});
  op.sample({dims({}), dims({2, 2})});
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
