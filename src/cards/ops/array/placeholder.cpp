#include "cards/shapes.h"

KERAFT_OP(placeholder) {
  op.tf("Placeholder").about("an input of the graph");
  op.out("output").attr("dtype").attr("shape", Shape());
  op.shape([](ShapeContext& s) {
    const Shape* shape = s.attr("shape").get<Shape>();
    s.out(0, s.type("dtype"), shape ? *shape : Shape());
  });
}
