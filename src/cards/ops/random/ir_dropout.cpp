#include "cards/numeric.h"
#include "cards/shapes.h"

/// keraft's own mark for a dropout: what the source computes when it is used. One choice serves all along `shared` axes.
KERAFT_OP(ir_dropout) {
  op.tf("ir/Dropout").about("the identity; training zeroes a share `rate` of the input").identity();
  op.in("x").out("y").attr("rate").attr("shared", dims({}));
  op.layout({.axis_attrs = {"shared"}});
  op.shape(like_input);
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})}, {{"rate", 0.25}});
  op.sample({dims({})}, {{"rate", 0.5}});
  op.sample({dims({0, 2})}, {{"rate", 0.0}});
}
