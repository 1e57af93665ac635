#include "cards/boxes.h"

KERAFT_OP(non_max_suppression_v2) {
  op.tf("NonMaxSuppressionV2").about("the boxes with the best scores that cover one another little; the overlap is an input");
  non_max_suppression(op, 2);
}
