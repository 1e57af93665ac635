#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(right_shift) {
  op.tf("RightShift")
      .about("x / 2^y rounded down; y is brought between 0 and the number of bits - 1")
      .fidelity(Fidelity::exact);
  op.code("ops.right_shift({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, Integers{}, [](auto x, auto y) { return x >> shift_of(y); });
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
