#include "cards/numeric.h"
#include "cards/shapes.h"

/// keraft's own mark for the layer GaussianDropout: what the source computes when it is used.
KERAFT_OP(ir_gaussian_dropout) {
  op.tf("ir/GaussianDropout").about("the identity; training multiplies by normal noise around 1").identity();
  op.in("x").out("y").attr("rate");
  op.layout({});
  op.shape(like_input);
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})}, {{"rate", 0.25}});
  op.sample({dims({})}, {{"rate", 0.5}});
  op.sample({dims({0, 2})}, {{"rate", 0.125}});
}
