#include "cards/training_mark.h"

KERAFT_OP(ir_gaussian_dropout) {
  training_mark(op, "ir/GaussianDropout", "the identity; training multiplies by normal noise around 1", "rate", false);
  op.tensorflow("{0} * tf.random.normal(tf.shape({0}), 1.0, ({rate} / (1 - {rate})) ** 0.5)");
}
