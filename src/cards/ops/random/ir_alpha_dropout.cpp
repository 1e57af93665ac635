#include "cards/numeric.h"
#include "cards/shapes.h"

/// keraft's own mark for the layer AlphaDropout: what the source computes when it is used.
KERAFT_OP(ir_alpha_dropout) {
  op.tf("ir/AlphaDropout").about("the identity; training sets a share `rate` to what keeps mean and variance").identity();
  op.in("x").out("y").attr("rate").attr("shared", dims({}));
  op.layout({.axis_attrs = {"shared"}});
  op.shape(like_input);
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})}, {{"rate", 0.25}});
  op.sample({dims({})}, {{"rate", 0.5}});
  op.sample({dims({0, 2})}, {{"rate", 0.125}});
}
