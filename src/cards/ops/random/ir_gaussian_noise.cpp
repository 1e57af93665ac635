#include "cards/training_mark.h"

KERAFT_OP(ir_gaussian_noise) {
  training_mark(op, "ir/GaussianNoise", "the identity; training adds normal noise", "stddev", false);
  op.tensorflow("{0} + tf.random.normal(tf.shape({0}), stddev={stddev})");
}
