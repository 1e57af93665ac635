#include "cards/shapes.h"

KERAFT_OP(expand_dims) {
  op.tf("ExpandDims").about("a new axis of size 1");
  op.tensorflow("tf.expand_dims({0}, axis={1:only})");
  op.code("ops.expand_dims({0}, axis={1:only})");
  op.in("input").in("dim").out("output").attr("T").attr("Tdim", DType::i32);
  op.shape([](ShapeContext& s) {
    const Shape& in = s.shape(0);
    const auto axis = number(s, 1);
    if (!in.has_rank()) return s.out(0, s.dtype(0), Shape());
    if (!axis) return s.out(0, s.dtype(0), unknown_dims(s, 0, in.rank() + 1));
    Dims out = in.dims();
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(s.axis(*axis, in.rank() + 1)), Dim(1));
    s.out(0, s.dtype(0), out);
  });
  op.ints([](const ShapeContext& s) { return s.ints(0); });
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3}), scalar_i32(0)});
  op.sample({dims({2, 3}), scalar_i32(-1)});
  op.sample({dims({}), scalar_i32(0)});
}
