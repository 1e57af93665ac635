#include "cards/branches.h"

KERAFT_OP(stateless_if) {
  op.tf("StatelessIf").about("one of two functions, as the condition chooses");
  if_card(op);
}
