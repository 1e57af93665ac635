#include "cards/diagonal.h"

KERAFT_OP(matrix_diag_part_v2) {
  op.tf("MatrixDiagPartV2").about("diagonals of matrices");
  op.in("input").in("k").in("padding_value").out("diagonal").attr("T");
  matrix_diag_part(op, {.k = 1, .padding = 2});
  op.sample({dims({3, 3}), scalar_i32(0), dims({})});
  op.sample({dims({2, 4, 3}), scalar_i32(-1), dims({})});
  op.sample({dims({2, 3, 5}), given_i32({-1, 3}), dims({})});
}
