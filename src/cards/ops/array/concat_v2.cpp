#include "cards/join.h"
#include "cards/shapes.h"

KERAFT_OP(concat_v2) {
  op.tf("ConcatV2").about("tensors one behind the other along an axis");
  op.tensorflow("tf.concat({values}, axis={axis})");
  op.code("ops.concatenate({values}, axis={axis})");
  op.in_list("values").in("axis").out("output").attr("N").attr("T").attr("Tidx", DType::i32);
  op.layout({.axis_inputs = {-1}});
  op.shape([](ShapeContext& s) { concat_shape(s, 0, s.inputs() - 1, s.inputs() - 1); });
  op.ints([](const ShapeContext& s) { return concat_ints(s, 0, s.inputs() - 1); });
  op.kernel([](KernelContext& k) { concat(k, 0, k.inputs() - 1, k.inputs() - 1); });
  op.sample({dims({2, 3}), dims({2, 5}), scalar_i32(1)});
  op.sample({dims({2, 3}), dims({1, 3}), dims({4, 3}), scalar_i32(0)});
  op.sample({dims({2, 3, 2}), dims({2, 3, 1}), scalar_i32(-1)});
}
