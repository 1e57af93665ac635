#include "cards/batch_matmul.h"

KERAFT_OP(batch_mat_mul_v3) {
  op.tf("BatchMatMulV3").attr("Ta").attr("Tb").attr("Tout");
  batch_matmul_card(op);
  op.sample({dims({2, 2, 3}), dims({2, 3, 4})}, {{"Tout", DType::f32}});
  op.sample({dims({3, 1, 3, 2}), dims({3, 2, 5, 3})}, {{"Tout", DType::f32}, {"adj_x", true}, {"adj_y", true}});
  op.sample({dims({5, 3}), dims({3, 2})}, {{"Tout", DType::f32}});
}
