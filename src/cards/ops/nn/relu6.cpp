#include <algorithm>
#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(relu6) {
  op.tf("Relu6").about("x brought between 0 and 6").fidelity(Fidelity::exact);
  op.tensorflow("tf.nn.relu6({0})");
  op.code("ops.relu6({0})");
  op.in("features").out("activations").attr("T");
  op.clamps(0, 6);
  mapped(op, kernels::UnaryOp::relu6, Integers{}, [](auto x) { return std::clamp(x, decltype(x){0}, decltype(x){6}); });
  op.sample({given_i32({-7, 0, 3, 100})}, {{"T", DType::i32}});
}
