#include "cards/branches.h"

KERAFT_OP(if) {
  op.tf("If").about("one of two functions, as the condition chooses").stateful();
  if_card(op);
}
