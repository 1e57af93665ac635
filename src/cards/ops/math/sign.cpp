#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(sign) {
  op.tf("Sign").about("-1, 0 or 1").fidelity(Fidelity::exact);
  op.tensorflow("tf.sign({0})");
  op.code("ops.sign({0})");
  op.in("x").out("y").attr("T");
  mapped(op, kernels::UnaryOp::sign, Types<int32_t, int64_t, int8_t, int16_t>{}, [](auto x) { return (x > 0) - (x < 0); });
  op.sample({given_i32({-7, 0, 3, 100})}, {{"T", DType::i32}});
}
