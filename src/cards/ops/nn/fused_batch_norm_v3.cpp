#include "cards/norm.h"

KERAFT_OP(fused_batch_norm_v3) {
  op.tf("FusedBatchNormV3").attr("T").attr("U");
  op.tensorflow("tf.nn.batch_normalization({0}, {3}, {4}, {2}, {1}, {epsilon})",
                {{"is_training", false}, {"data_format", "NHWC"}})
      .first_alone();
  batch_norm_card(op, 3);
}
