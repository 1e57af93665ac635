#include "cards/gather.h"
#include "cards/shapes.h"

KERAFT_OP(gather_v2) {
  op.tf("GatherV2").about("slices picked by index");
  op.tensorflow("tf.gather({0}, {1}, axis={2|0}, batch_dims={batch_dims})").sparse_gradient();
  op.code("ops.take({0}, {1}, axis={2})");
  op.in("params").in("indices").in("axis").out("output").attr("batch_dims", 0).attr("Tparams").attr("Tindices").attr("Taxis");
  op.shape([](ShapeContext& s) {
    const auto axis = number(s, 2);
    if (axis)
      gather_shape(s, *axis, s.integer("batch_dims"));
    else
      s.out(0, s.dtype(0), Shape());
  });
  op.ints([](const ShapeContext& s) { return gather_ints(s, number(s, 2)); });
  op.kernel([](KernelContext& k) { gather(k, ints_of(k, 2).at(0), k.integer("batch_dims")); });
  op.sample({dims({5, 3}), given_i32({4, 0, 0}), scalar_i32(0)});
  op.sample({dims({2, 5, 3}), given_i32({1, 3}), scalar_i32(-2)});
  op.sample({dims({2, 5, 3}), given<int32_t>(DType::i32, {2, 2}, {0, 4, 1, 1}), scalar_i32(1)}, {{"batch_dims", 1}});
  op.sample({dims({5}), scalar_i32(2), scalar_i32(0)});
}
