#include "cards/ints.h"
#include "cards/shapes.h"

KERAFT_OP(size) {
  op.tf("Size").about("the number of elements");
  op.in("input").out("output").attr("T").attr("out_type", DType::i32);
  op.shape([](ShapeContext& s) { s.out(0, s.type("out_type"), Shape(Dims{})); });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    if (!s.shape(0).has_rank()) return std::nullopt;
    return Dims{product(s.shape(0).dims())};
  });
  op.kernel([](KernelContext& k) { write_ints(k, 0, {k.array(0).elements()}); });
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({0, 4, 1})}, {{"out_type", DType::i64}});
}
