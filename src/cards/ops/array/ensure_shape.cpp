#include "cards/shapes.h"

KERAFT_OP(ensure_shape) {
  op.tf("EnsureShape").about("its input, which must have these sizes").identity();
  op.in("input").out("output").attr("shape").attr("T");
  op.shape([](ShapeContext& s) {
    const Shape* wanted = s.attr("shape").get<Shape>();
    if (!wanted) s.fail("attribute shape is not a shape");
    Shape out = s.shape(0);
    if (wanted->has_rank() && !out.has_rank()) {
      out = unknown_dims(s, 0, wanted->rank());
    } else if (wanted->has_rank() && wanted->rank() != out.rank()) {
      s.fail("the input " + out.text() + " is not " + wanted->text());
    }
    for (size_t i = 0; wanted->has_rank() && i < out.rank(); ++i) {
      if (!(*wanted)[i].known()) continue;
      if (out[i].known() && out[i] != (*wanted)[i]) s.fail("the input " + out.text() + " is not " + wanted->text());
      out.dims()[i] = (*wanted)[i];
    }
    s.out(0, s.dtype(0), out);
  });
  op.ints([](const ShapeContext& s) { return s.ints(0); });
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 3})}, {{"shape", Shape{Dim(2), Dim(3)}}});
  op.sample({dims({})}, {{"shape", Shape(Dims{})}});
  op.sample({dims({0, 4})}, {{"shape", Shape()}});
}
