#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(logical_or) {
  op.tf("LogicalOr").about("or of truth values").commutative();
  op.in("x").in("y").out("z");
  logical(op, kernels::LogicalOp::logical_or);
  op.sample({given_bool({2, 2}, {1, 0, 1, 0}), given_bool({2, 2}, {1, 1, 0, 0})});
  op.sample({given_bool({2, 1}, {1, 0}), given_bool({2}, {1, 0})});
  op.sample({given_bool({}, {1}), given_bool({3}, {1, 0, 1})});
}
