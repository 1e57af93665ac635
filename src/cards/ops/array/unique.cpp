#include "cards/unique.h"

KERAFT_OP(unique) {
  op.tf("Unique").about("the different elements, in their order");
  op.in("x").out("y").out("idx").attr("T").attr("out_idx", DType::i32);
  op.shape([](ShapeContext& s) { unique_shape(s, false, false); });
  op.kernel([](KernelContext& k) { unique(k, {}, false); });
  op.sample({given_i32({4, 7, 4, 4, 1, 7})}, {{"T", DType::i32}});
  op.sample({given<float>(DType::f32, {4}, {0.5F, -0.0F, 0.0F, 0.5F})});
  op.sample({dims({5})}, {{"out_idx", DType::i64}});
  op.sample({dims({0})});
}
