#include "cards/identity.h"

KERAFT_OP(snapshot) {
  op.tf("Snapshot").about("its input");
  identity_card(op);
}
