#include "cards/shapes.h"

KERAFT_OP(stop_gradient) {
  op.tf("StopGradient").about("its input; stops training").identity();
  op.code("ops.stop_gradient({0})");
  op.in("input").out("output").attr("T");
  op.shape(like_input);
  op.ints([](const ShapeContext& s) { return s.ints(0); });
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({0, 4})});
  op.sample({given_i32({4, 5, 6})}, {{"T", DType::i32}});
}
