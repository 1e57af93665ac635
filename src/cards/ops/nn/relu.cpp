#include <algorithm>
#include <limits>

#include "cards/elementwise.h"
#include "cards/shapes.h"

KERAFT_OP(relu) {
  op.tf("Relu").about("max(x, 0)").fidelity(Fidelity::exact);
  op.tensorflow("tf.nn.relu({0})");
  op.code("ops.relu({0})");
  op.in("features").out("activations").attr("T");
  op.clamps(0, std::numeric_limits<double>::infinity());
  mapped(op, kernels::UnaryOp::relu, Integers{}, [](auto x) { return std::max(x, decltype(x){0}); });
  op.sample({given_i32({-7, 0, 3, 100})}, {{"T", DType::i32}});
}
