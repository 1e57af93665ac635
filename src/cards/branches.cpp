#include "cards/branches.h"

#include "cards/shapes.h"

namespace keraft::cards {

void if_card(OpCard& op) {
  op.in("cond")
      .in_list("input")
      .out_list("output")
      .attr("Tcond")
      .attr("Tin")
      .attr("Tout")
      .attr("then_branch")
      .attr("else_branch")
      .attr("output_shapes", dims({}));
  op.shape([](ShapeContext& s) {
    const List* types = s.attr("Tout").get<List>();
    const List* shapes = s.attr("output_shapes").get<List>();
    if (!types) s.fail("attribute Tout is not a list");
    for (size_t i = 0; i < types->size(); ++i) {
      const DType* type = (*types)[i].get<DType>();
      const Shape* shape = shapes && i < shapes->size() ? (*shapes)[i].get<Shape>() : nullptr;
      s.out(i, type ? *type : DType::invalid, shape ? *shape : Shape());
    }
  });
}

}  // namespace keraft::cards
