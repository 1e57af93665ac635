#include "cards/softmax.h"

KERAFT_OP(log_softmax) {
  op.tf("LogSoftmax").about("the logarithm of exp(x) divided by its sum over the last axis");
  op.tensorflow("tf.nn.log_softmax({0})");
  op.code("ops.log_softmax({0}, axis=-1)");
  softmax_card(op, true);
}
