#include "cards/random.h"

KERAFT_OP(random_uniform) {
  op.tf("RandomUniform").about("random numbers in [0, 1)");
  op.tensorflow("tf.random.uniform({0}, dtype={dtype|tf.float32}, seed={seed|0})");
  random_card(op);
}
