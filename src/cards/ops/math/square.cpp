#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(square) {
  op.tf("Square").about("each element times itself").fidelity(Fidelity::rounding);
  op.code("ops.square({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::square, Types<int32_t, int64_t>{}, [](auto x) {
    using U = std::make_unsigned_t<decltype(x)>;
    return static_cast<U>(x) * static_cast<U>(x);
  });
  op.sample({given_i32({-7, 0, 3, 100})}, {{"T", DType::i32}});
}
