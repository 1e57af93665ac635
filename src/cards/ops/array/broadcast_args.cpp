#include "cards/ints.h"
#include "cards/numeric.h"

namespace keraft::cards {
namespace {

std::optional<Dims> both_sizes(const ShapeContext& s) {
  if (!s.ints(0) || !s.ints(1)) return std::nullopt;
  need_sizes(s, *s.ints(0));
  need_sizes(s, *s.ints(1));
  return broadcast(s, *s.ints(0), *s.ints(1)).dims();
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(broadcast_args) {
  op.tf("BroadcastArgs").about("the sizes of the broadcast of two tensors, from their sizes");
  op.in("s0").in("s1").out("r0").attr("T", DType::i32);
  op.shape([](ShapeContext& s) {
    need_same_type(s);
    Dim rank = unknown_dim(s, 0, 0);
    if (s.shape(0).has_rank() && s.shape(1).has_rank()) {
      need_rank(s, 0, 1);
      need_rank(s, 1, 1);
      rank = max(s.shape(0)[0], s.shape(1)[0]);
    }
    s.out(0, s.dtype(0), Shape{rank});
  });
  op.ints(both_sizes);
  op.kernel([](KernelContext& k) {
    const auto sizes = both_sizes(k);
    if (!sizes) k.fail("the sizes are too many, or not int32 or int64");
    std::vector<int64_t> values;
    for (const Dim& dim : *sizes) values.push_back(dim.value());
    write_ints(k, 0, values);
  });
  op.sample({given_i32({2, 1}), given_i32({3})});
  op.sample({given<int64_t>(DType::i64, {1}, {4}), given<int64_t>(DType::i64, {3}, {5, 1, 1})}, {{"T", DType::i64}});
  op.sample({given_i32(std::vector<int32_t>{}), given_i32({0, 3})});
}
