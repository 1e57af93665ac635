#include "cards/diagonal.h"

KERAFT_OP(matrix_diag_v2) {
  op.tf("MatrixDiagV2").about("matrices with these diagonals");
  op.in("diagonal").in("k").in("num_rows").in("num_cols").in("padding_value").out("output").attr("T");
  matrix_diag(op, {.k = 1, .rows = 2, .columns = 3, .padding = 4});
  op.sample({dims({2, 3}), scalar_i32(0), scalar_i32(-1), scalar_i32(-1), dims({})});
  op.sample({dims({2, 3}), scalar_i32(-2), scalar_i32(-1), scalar_i32(-1), dims({})});
  op.sample({dims({3, 3}), given_i32({-1, 1}), scalar_i32(3), scalar_i32(4), dims({})});
  op.sample({dims({2, 2, 3}), given_i32({1, 2}), scalar_i32(-1), scalar_i32(-1), dims({})});
}
