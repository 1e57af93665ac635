#include "cards/random.h"

KERAFT_OP(random_standard_normal) {
  op.tf("RandomStandardNormal").about("random numbers of a normal distribution");
  op.tensorflow("tf.random.normal({0}, dtype={dtype|tf.float32}, seed={seed|0})");
  random_card(op);
}
