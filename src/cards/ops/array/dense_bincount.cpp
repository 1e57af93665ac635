#include "cards/bincount.h"

KERAFT_OP(dense_bincount) {
  op.tf("DenseBincount")
      .about("how often each number comes, or the sum of its weights, in each row")
      .fidelity(Fidelity::approximate);
  op.in("input").in("size").in("weights").out("output").attr("Tidx").attr("T").attr("binary_output", false);
  op.shape([](ShapeContext& s) {
    const Shape& in = s.shape(0);
    if (!in.has_rank()) return s.out(0, s.dtype(2), Shape());
    if (in.rank() > 2) s.fail("the input has shape " + in.text() + ", needs rank 1 or 2");
    s.out(0, s.dtype(2), in.rank() == 2 ? Shape{in[0], bins(s)} : Shape{bins(s)});
  });
  op.kernel([](KernelContext& k) {
    const auto& sizes = k.array(0).dims;
    count_bins(k, sizes.size() == 2 ? sizes[0] : 1, k.flag("binary_output"));
  });
  op.sample({given_i32({1, 0, 4, 1, 9}), scalar_i32(6), dims({5})}, {{"Tidx", DType::i32}});
  op.sample({given<int32_t>(DType::i32, {2, 3}, {1, 1, 2, 0, 2, 2}), scalar_i32(4), dims({2, 3})}, {{"Tidx", DType::i32}});
  op.sample({given<int32_t>(DType::i32, {2, 3}, {1, 1, 2, 0, 2, 5}), scalar_i32(4), dims({0})},
            {{"Tidx", DType::i32}, {"binary_output", true}});
}
