#include "cards/diagonal.h"

KERAFT_OP(matrix_diag_part) {
  op.tf("MatrixDiagPart").about("the main diagonals of matrices");
  op.in("input").out("diagonal").attr("T");
  matrix_diag_part(op, {});
  op.sample({dims({3, 3})});
  op.sample({dims({2, 4, 3})});
  op.sample({dims({2, 3, 5})});
}
