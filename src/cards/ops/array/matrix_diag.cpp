#include "cards/diagonal.h"

KERAFT_OP(matrix_diag) {
  op.tf("MatrixDiag").about("matrices with these main diagonals");
  op.in("diagonal").out("output").attr("T");
  matrix_diag(op, {});
  op.sample({dims({3})});
  op.sample({dims({2, 4})});
  op.sample({dims({2, 0})});
}
