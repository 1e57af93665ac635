#include "cards/numeric.h"
#include "cards/shapes.h"

/// keraft's own mark for the layer GaussianNoise: what the source computes when it is used.
KERAFT_OP(ir_gaussian_noise) {
  op.tf("ir/GaussianNoise").about("the identity; training adds normal noise").identity();
  op.in("x").out("y").attr("stddev");
  op.layout({});
  op.shape(like_input);
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})}, {{"stddev", 0.25}});
  op.sample({dims({})}, {{"stddev", 0.5}});
  op.sample({dims({0, 2})}, {{"stddev", 0.125}});
}
