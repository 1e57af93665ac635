#include "cards/elementwise.h"
#include "cards/shapes.h"
#include "cards/truncated_code.h"

KERAFT_OP(truncate_mod) {
  op.tf("TruncateMod").about("what x / y cut towards zero leaves; it has the sign of x").fidelity(Fidelity::exact);
  op.code_with([](CodeContext& k) { return is_floating(k.dtype(0)) ? float_rest_code(k) : truncated_code(k, false); });
  op.in("x").in("y").out("z").attr("T");
  binary(op, kernels::BinaryOp::truncate_mod);
  op.sample({given_i32({7, -7, 9, 2}), given_i32({2, 2, -4, 5})}, {{"T", DType::i32}});
}
