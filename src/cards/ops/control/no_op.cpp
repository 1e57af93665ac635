#include "cards/shapes.h"

KERAFT_OP(no_op) {
  op.tf("NoOp").about("nothing");
  op.shape([](ShapeContext&) {});
  op.kernel([](KernelContext&) {});
  op.sample({});
}
