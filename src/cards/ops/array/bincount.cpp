#include "cards/bincount.h"

KERAFT_OP(bincount) {
  op.tf("Bincount").about("how often each number comes, or the sum of its weights").fidelity(Fidelity::approximate);
  op.in("arr").in("size").in("weights").out("bins").attr("T");
  op.shape([](ShapeContext& s) { s.out(0, s.dtype(2), Shape{bins(s)}); });
  op.kernel([](KernelContext& k) { count_bins(k, 1, false); });
  op.sample({given_i32({1, 0, 4, 1, 9}), scalar_i32(6), dims({5})});
  op.sample({given<int32_t>(DType::i32, {2, 2}, {1, 1, 2, 0}), scalar_i32(3), dims({0})});
  op.sample({given_i32(std::vector<int32_t>{}), scalar_i32(2), dims({0})});
}
