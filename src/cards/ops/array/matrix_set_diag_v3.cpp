#include "cards/diagonal.h"

KERAFT_OP(matrix_set_diag_v3) {
  op.tf("MatrixSetDiagV3").about("matrices with diagonals replaced");
  op.in("input").in("diagonal").in("k").out("output").attr("T").attr("align", "RIGHT_LEFT");
  matrix_set_diag(op, {.k = 2});
  op.sample({dims({3, 3}), dims({3}), scalar_i32(0)});
  op.sample({dims({2, 4, 3}), dims({2, 3}), scalar_i32(-1)});
  op.sample({dims({3, 4}), dims({3, 3}), given_i32({-1, 1})});
  op.sample({dims({3, 4}), dims({3, 3}), given_i32({-1, 1})}, {{"align", "LEFT_RIGHT"}});
}
