#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(neg) {
  op.tf("Neg").about("minus each element").fidelity(Fidelity::exact);
  op.tensorflow("-{0}");
  op.code("ops.negative({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::neg, Types<int32_t, int64_t, int8_t, int16_t>{}, [](auto x) {
    using U = std::make_unsigned_t<decltype(x)>;
    return static_cast<U>(U{0} - static_cast<U>(x));
  });
  op.sample({given_i32({-7, 0, 3, 100})}, {{"T", DType::i32}});
}
