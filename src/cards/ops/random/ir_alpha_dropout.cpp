#include "cards/training_mark.h"

KERAFT_OP(ir_alpha_dropout) {
  training_mark(op, "ir/AlphaDropout", "the identity; training sets a share `rate` to what keeps mean and variance", "rate",
                true);
}
