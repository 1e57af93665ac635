#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(bitwise_and) {
  op.tf("BitwiseAnd").about("and of each bit").commutative().fidelity(Fidelity::exact);
  op.code("ops.bitwise_and({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, Integers{}, [](auto x, auto y) { return x & y; });
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
