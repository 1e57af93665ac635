#include "cards/join.h"
#include "cards/shapes.h"

KERAFT_OP(concat) {
  op.tf("Concat").about("tensors one behind the other along an axis, which comes first");
  op.tensorflow("tf.concat({values}, axis={concat_dim})");
  op.code("ops.concatenate({values}, axis={concat_dim})");
  op.in("concat_dim").in_list("values").out("output").attr("N").attr("T");
  op.layout({.axis_inputs = {0}});
  op.shape([](ShapeContext& s) { concat_shape(s, 1, s.inputs() - 1, 0); });
  op.ints([](const ShapeContext& s) { return concat_ints(s, 1, s.inputs() - 1); });
  op.kernel([](KernelContext& k) { concat(k, 1, k.inputs() - 1, 0); });
  op.sample({scalar_i32(1), dims({2, 3}), dims({2, 5})});
  op.sample({scalar_i32(0), dims({2, 3}), dims({1, 3}), dims({4, 3})});
  op.sample({scalar_i32(-1), dims({2, 3, 2}), dims({2, 3, 1})});
}
