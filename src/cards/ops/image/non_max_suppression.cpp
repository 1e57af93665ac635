#include "cards/boxes.h"

KERAFT_OP(non_max_suppression) {
  op.tf("NonMaxSuppression").about("the boxes with the best scores that cover one another little");
  non_max_suppression(op, 1);
}
