#include "cards/pad.h"
#include "cards/shapes.h"

KERAFT_OP(pad_v2) {
  op.tf("PadV2").about("one value around a tensor");
  op.tensorflow("tf.pad({0}, {1}, constant_values={2})");
  op.code("ops.pad({0}, pad_width={1}, constant_values={2})");
  op.in("input").in("paddings").in("constant_values").out("output").attr("T").attr("Tpaddings", DType::i32);
  op.layout({.images = {0}, .list_inputs = {1}});
  op.shape(padded_shape);
  op.kernel([](KernelContext& k) {
    if (k.array(2).elements() != 1) k.fail("constant_values must be one number");
    pad(k, k.array(2).data.get());
  });
  op.sample({dims({2, 3}), given<int32_t>(DType::i32, {2, 2}, {1, 0, 0, 2}), dims({})});
  op.sample({dims({1, 4, 5, 2}), given<int32_t>(DType::i32, {4, 2}, {0, 0, 1, 2, 3, 0, 0, 0}), dims({})});
  op.sample({dims({3}), given<int32_t>(DType::i32, {1, 2}, {2, 1}), dims({})});
}
