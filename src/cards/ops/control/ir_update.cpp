#include "cards/op_card.h"

KERAFT_OP(ir_update) {
  op.tf("ir/Update").about("training leaves a value in a variable").stateful();
  op.in("variable").in("value");
  op.shape([](ShapeContext&) {});
}
