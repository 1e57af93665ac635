#include "cards/random.h"

KERAFT_OP(random_uniform) {
  op.tf("RandomUniform").about("random numbers in [0, 1)");
  random_card(op);
}
