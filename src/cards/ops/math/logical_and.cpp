#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(logical_and) {
  op.tf("LogicalAnd").about("and of truth values").commutative();
  op.tensorflow("tf.logical_and({0}, {1})");
  op.code("ops.logical_and({0}, {1})");
  op.in("x").in("y").out("z");
  logical(op, kernels::LogicalOp::logical_and);
}
