#include "cards/code_guards.h"
#include "cards/elementwise.h"
#include "cards/shapes.h"
#include "cards/truncated_code.h"

KERAFT_OP(div) {
  op.tf("Div").about("x / y; integers are cut towards zero").fidelity(Fidelity::rounding);
  op.code("ops.divide({0}, {1})", {}, reads_floats);
  op.code_with([](CodeContext& k) { return truncated_code(k, true); });
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::div);
  op.ints(binary_ints([](const Dim& x, const Dim& y) -> std::optional<Dim> {
    if (x.known() && y.known() && !y.is(0) && !(y.is(-1))) return Dim(x.value() / y.value());
    if (y.is(0)) return std::nullopt;
    return x.exact_div(y);
  }));
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
