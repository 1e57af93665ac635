#include "cards/shapes.h"

KERAFT_OP(check_numerics) {
  op.tf("CheckNumerics").about("its input; TensorFlow stops at NaN and infinity").identity();
  op.in("tensor").out("output").attr("T").attr("message");
  op.shape(like_input);
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})}, {{"message", "here"}});
  op.sample({dims({})}, {{"message", ""}});
  op.sample({dims({3, 1, 2})}, {{"message", "x"}});
}
