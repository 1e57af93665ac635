#include "cards/ints.h"
#include "cards/shapes.h"

KERAFT_OP(rank) {
  op.tf("Rank").about("the number of axes");
  op.tensorflow("tf.rank({0})");
  op.in("input").out("output").attr("T");
  op.shape([](ShapeContext& s) { s.out(0, DType::i32, Shape(Dims{})); });
  op.ints([](const ShapeContext& s) -> std::optional<Dims> {
    if (!s.shape(0).has_rank()) return std::nullopt;
    return Dims{static_cast<int64_t>(s.shape(0).rank())};
  });
  op.kernel([](KernelContext& k) { write_ints(k, 0, {static_cast<int64_t>(k.array(0).dims.size())}); });
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({0, 4, 1})});
}
