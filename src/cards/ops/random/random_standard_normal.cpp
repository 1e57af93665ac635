#include "cards/random.h"

KERAFT_OP(random_standard_normal) {
  op.tf("RandomStandardNormal").about("random numbers of a normal distribution");
  random_card(op);
}
