#include "cards/shapes.h"

KERAFT_OP(switch) {
  op.tf("Switch").about("its input on the side that the condition chooses");
  op.in("data").in("pred").out("output_false").out("output_true").attr("T");
  op.shape([](ShapeContext& s) {
    s.same(0, 0);
    s.same(1, 0);
  });
}
