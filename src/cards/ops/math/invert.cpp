#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(invert) {
  op.tf("Invert").about("all bits turned").fidelity(Fidelity::exact);
  op.in("x").out("y").attr("T");
  unary(op, Integers{}, [](auto x) { return ~x; });
  op.sample({given_i32({-7, 0, 3, 100})}, {{"T", DType::i32}});
}
