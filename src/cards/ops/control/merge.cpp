#include "cards/shapes.h"

KERAFT_OP(merge) {
  op.tf("Merge").about("the input that arrives");
  op.in_list("inputs").out("output").out("value_index").attr("T").attr("N");
  op.shape([](ShapeContext& s) {
    if (s.inputs() == 0) s.fail("no inputs");
    Shape out = s.shape(0);
    for (size_t i = 1; i < s.inputs(); ++i) {
      const Shape& other = s.shape(i);
      if (!out.has_rank() || !other.has_rank() || out.rank() != other.rank()) {
        out = Shape();
        break;
      }
      for (size_t axis = 0; axis < out.rank(); ++axis) {
        if (out[axis] != other[axis]) out.dims()[axis] = unknown_dim(s, 0, axis);
      }
    }
    s.out(0, s.dtype(0), out);
    s.out(1, DType::i32, Shape(Dims{}));
  });
}
