#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(logical_and) {
  op.tf("LogicalAnd").about("and of truth values").commutative();
  op.in("x").in("y").out("z");
  logical(op, kernels::LogicalOp::logical_and);
  op.sample({given_bool({2, 2}, {1, 0, 1, 0}), given_bool({2, 2}, {1, 1, 0, 0})});
  op.sample({given_bool({2, 1}, {1, 0}), given_bool({2}, {1, 0})});
  op.sample({given_bool({}, {1}), given_bool({3}, {1, 0, 1})});
}
