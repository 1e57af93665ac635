#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(floor_div) {
  op.tf("FloorDiv").about("x / y rounded down").fidelity(Fidelity::rounding);
  op.tensorflow("{0} // {1}");
  op.code("ops.floor_divide({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::floor_div);
  halves(op, [](auto x, auto y) {
    using T = decltype(x);
    return T(std::floor(Wide<T>(T(x / y))));
  });
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> {
    if (y.is(0)) return std::nullopt;
    return x.floor_div(y);
  }));
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
