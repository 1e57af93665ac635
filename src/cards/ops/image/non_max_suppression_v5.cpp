#include "cards/boxes.h"

KERAFT_OP(non_max_suppression_v5) {
  op.tf("NonMaxSuppressionV5")
      .about("the boxes with the best scores that cover one another little, their scores and their number");
  non_max_suppression(op, 5);
}
