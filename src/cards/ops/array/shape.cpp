#include "cards/ints.h"
#include "cards/shapes.h"

KERAFT_OP(shape) {
  op.tf("Shape").about("the sizes of its input");
  op.tensorflow("tf.shape({0}, out_type={out_type})");
  op.in("input").out("output").attr("T").attr("out_type", DType::i32);
  op.shape([](ShapeContext& s) {
    s.out(0, s.type("out_type"),
          s.shape(0).has_rank() ? Shape{Dim(static_cast<int64_t>(s.shape(0).rank()))} : Shape{unknown_dim(s, 0, 0)});
  });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    if (!s.shape(0).has_rank()) return std::nullopt;
    return s.shape(0).dims();
  });
  op.kernel([](KernelContext& k) { write_ints(k, 0, k.array(0).dims); });
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({0, 4, 1})}, {{"out_type", DType::i64}});
}
