#include "cards/diagonal.h"

KERAFT_OP(matrix_set_diag) {
  op.tf("MatrixSetDiag").about("matrices with their main diagonals replaced");
  op.in("input").in("diagonal").out("output").attr("T");
  matrix_set_diag(op, {});
  op.sample({dims({3, 3}), dims({3})});
  op.sample({dims({2, 4, 3}), dims({2, 3})});
  op.sample({dims({2, 3, 5}), dims({2, 3})});
}
