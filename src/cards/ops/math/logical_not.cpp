#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(logical_not) {
  op.tf("LogicalNot").about("not x");
  op.tensorflow("tf.logical_not({0})");
  op.code("ops.logical_not({0})");
  op.in("x").out("y");
  op.shape(like_input);
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    if (in.dtype != DType::boolean) k.fail("the input is not bool");
    kernels::logical_not(k.kernels(), in.as<bool>(), k.result().as<bool>(), in.elements());
  });
  op.sample({given_bool({3}, {1, 0, 1})});
  op.sample({given_bool({}, {0})});
  op.sample({given_bool({2, 2}, {1, 1, 0, 0})});
}
