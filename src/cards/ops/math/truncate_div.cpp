#include <cmath>
#include "cards/elementwise.h"
#include "cards/shapes.h"
#include "cards/truncated_code.h"

KERAFT_OP(truncate_div) {
  op.tf("TruncateDiv").about("x / y cut towards zero").fidelity(Fidelity::rounding);
  op.code_with([](CodeContext& k) { return truncated_code(k, true); });
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::truncate_div);
  halves(op, [](auto x, auto y) {
    using T = decltype(x);
    return T(std::trunc(Wide<T>(T(x / y))));
  });
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
