#include "cards/shapes.h"

KERAFT_OP(placeholder_with_default) {
  op.tf("PlaceholderWithDefault").about("an input that may be left out");
  op.in("input").out("output").attr("dtype").attr("shape");
  op.shape([](ShapeContext& s) {
    const Shape* shape = s.attr("shape").get<Shape>();
    s.out(0, s.dtype(0), shape && shape->has_rank() ? *shape : s.shape(0));
  });
  op.kernel([](KernelContext& k) { (*k.call().out)[0] = k.array(0); });
  op.sample({dims({2, 3})}, {{"shape", Shape()}});
  op.sample({dims({4})}, {{"shape", Shape{Dim(4)}}});
  op.sample({dims({})}, {{"shape", Shape(Dims{})}});
}
