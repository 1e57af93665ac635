#include "cards/identity.h"

KERAFT_OP(stop_gradient) {
  op.tf("StopGradient").about("its input; stops training");
  op.tensorflow("tf.stop_gradient({0})");
  op.code("ops.stop_gradient({0})");
  identity_card(op);
}
