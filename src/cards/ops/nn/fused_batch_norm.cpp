#include "cards/norm.h"

KERAFT_OP(fused_batch_norm) {
  op.tf("FusedBatchNorm").attr("T");
  batch_norm_card(op, 2);
}
