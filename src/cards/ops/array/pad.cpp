#include "cards/pad.h"
#include "cards/shapes.h"

KERAFT_OP(pad) {
  op.tf("Pad").about("zeros around a tensor");
  op.tensorflow("tf.pad({0}, {1})");
  op.code("ops.pad({0}, pad_width={1})");
  op.in("input").in("paddings").out("output").attr("T").attr("Tpaddings", DType::i32);
  op.layout({.list_inputs = {1}});
  op.shape(padded_shape);
  op.kernel([](KernelContext& k) { pad(k, nullptr); });
  op.sample({dims({2, 3}), given<int32_t>(DType::i32, {2, 2}, {1, 0, 0, 2})});
  op.sample({dims({1, 4, 5, 2}), given<int32_t>(DType::i32, {4, 2}, {0, 0, 1, 2, 3, 0, 0, 0})});
  op.sample({dims({3}), given<int32_t>(DType::i32, {1, 2}, {2, 1})});
}
