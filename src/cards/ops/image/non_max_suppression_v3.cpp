#include "cards/boxes.h"

KERAFT_OP(non_max_suppression_v3) {
  op.tf("NonMaxSuppressionV3").about("the boxes with the best scores that cover one another little, low scores left out");
  non_max_suppression(op, 3);
}
