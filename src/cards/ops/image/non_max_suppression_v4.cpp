#include "cards/boxes.h"

KERAFT_OP(non_max_suppression_v4) {
  op.tf("NonMaxSuppressionV4").about("the boxes with the best scores that cover one another little, and their number");
  non_max_suppression(op, 4);
}
