#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(left_shift) {
  op.tf("LeftShift").about("x · 2^y; y is brought between 0 and the number of bits - 1").fidelity(Fidelity::exact);
  op.code("ops.left_shift({0}, {1})");
  op.in("x").in("y").out("z").attr("T");
  binary(op, Integers{}, [](auto x, auto y) {
    using U = std::make_unsigned_t<decltype(x)>;
    return static_cast<uint64_t>(static_cast<U>(x)) << shift_of(y);
  });
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
