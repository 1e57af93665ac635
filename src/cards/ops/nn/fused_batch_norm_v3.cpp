#include "cards/norm.h"

KERAFT_OP(fused_batch_norm_v3) {
  op.tf("FusedBatchNormV3").attr("T").attr("U");
  batch_norm_card(op, 3);
}
