#include "cards/bias.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(bias_add_v1) {
  op.tf("BiasAddV1").about("adds a vector along the last axis").fidelity(Fidelity::rounding);
  op.code("ops.add({0}, {1})");
  op.in("value").in("bias").out("output").attr("T");
  op.fuses(Fusion::bias);
  op.shape([](ShapeContext& s) { bias_shape(s, false); });
  op.kernel(with_halves([](KernelContext& k) { add_bias(k, false); }));
  op.sample({dims({2, 3, 3, 4}), dims({4})});
  op.sample({dims({3, 7}), dims({7})});
  op.sample({dims({1, 1}), dims({1})});
}
