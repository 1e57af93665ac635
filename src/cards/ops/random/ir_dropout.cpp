#include "cards/training_mark.h"

KERAFT_OP(ir_dropout) {
  training_mark(op, "ir/Dropout", "the identity; training zeroes a share `rate` of the input", "rate", true);
}
