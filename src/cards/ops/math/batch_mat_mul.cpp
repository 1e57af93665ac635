#include "cards/batch_matmul.h"

KERAFT_OP(batch_mat_mul) {
  op.tf("BatchMatMul").attr("T");
  op.tensorflow("tf.matmul({0}, {1}, adjoint_a={adj_x}, adjoint_b={adj_y})");
  batch_matmul_card(op);
  op.sample({dims({2, 2, 3}), dims({2, 3, 4})});
  op.sample({dims({3, 2, 3, 2}), dims({3, 2, 5, 3})}, {{"adj_x", true}, {"adj_y", true}});
  op.sample({dims({5, 3}), dims({3, 2})});
}
