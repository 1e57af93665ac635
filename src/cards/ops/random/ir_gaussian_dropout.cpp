#include "cards/training_mark.h"

KERAFT_OP(ir_gaussian_dropout) {
  training_mark(op, "ir/GaussianDropout", "the identity; training multiplies by normal noise around 1", "rate", false);
}
