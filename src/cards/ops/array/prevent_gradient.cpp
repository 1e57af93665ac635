#include "cards/identity.h"

KERAFT_OP(prevent_gradient) {
  op.tf("PreventGradient").about("its input; training through it is an error");
  identity_card(op);
  op.attr("message", "");
}
