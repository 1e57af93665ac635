#include "cards/softmax.h"

KERAFT_OP(softmax) {
  op.tf("Softmax").about("exp(x) divided by its sum over the last axis");
  op.tensorflow("tf.nn.softmax({0})");
  op.code("ops.softmax({0}, axis=-1)");
  softmax_card(op, false);
}
