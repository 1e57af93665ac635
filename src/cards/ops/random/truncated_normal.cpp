#include "cards/random.h"

KERAFT_OP(truncated_normal) {
  op.tf("TruncatedNormal").about("random numbers of a normal distribution, none beyond two deviations");
  random_card(op);
}
