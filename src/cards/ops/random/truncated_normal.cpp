#include "cards/random.h"

KERAFT_OP(truncated_normal) {
  op.tf("TruncatedNormal").about("random numbers of a normal distribution, none beyond two deviations");
  op.tensorflow("tf.random.truncated_normal({0}, dtype={dtype|tf.float32}, seed={seed|0})");
  random_card(op);
}
