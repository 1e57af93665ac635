#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(logical_or) {
  op.tf("LogicalOr").about("or of truth values").commutative();
  op.tensorflow("tf.logical_or({0}, {1})");
  op.code("ops.logical_or({0}, {1})");
  op.in("x").in("y").out("z");
  logical(op, kernels::LogicalOp::logical_or);
}
