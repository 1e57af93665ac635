#include "cards/identity.h"

KERAFT_OP(identity) {
  op.tf("Identity").about("its input");
  identity_card(op);
}
