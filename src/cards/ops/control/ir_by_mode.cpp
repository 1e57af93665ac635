#include "cards/shapes.h"

KERAFT_OP(ir_by_mode) {
  op.tf("ir/ByMode").about("one tensor while training, another one otherwise");
  op.in("training").in("inference").out("y");
  op.shape([](ShapeContext& s) { s.same(0, 1); });
}
