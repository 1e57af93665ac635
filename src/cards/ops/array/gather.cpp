#include "cards/gather.h"
#include "cards/shapes.h"

KERAFT_OP(gather) {
  op.tf("Gather").about("slices of the first axis picked by index");
  op.tensorflow("tf.gather({0}, {1})").sparse_gradient();
  op.code("ops.take({0}, {1}, axis=0)");
  op.in("params").in("indices").out("output").attr("validate_indices", true).attr("Tparams").attr("Tindices");
  op.shape([](ShapeContext& s) { gather_shape(s, 0, 0); });
  op.ints([](const ShapeContext& s) { return gather_ints(s, 0); });
  op.kernel([](KernelContext& k) { gather(k, 0, 0); });
  op.sample({dims({5, 3}), given_i32({4, 0, 0})});
  op.sample({dims({5}), scalar_i32(2)});
  op.sample({dims({3, 2, 2}), given<int32_t>(DType::i32, {2, 1}, {0, 2})});
}
