#include "cards/norm.h"

KERAFT_OP(fused_batch_norm_v2) {
  op.tf("FusedBatchNormV2").attr("T").attr("U");
  batch_norm_card(op, 2);
}
