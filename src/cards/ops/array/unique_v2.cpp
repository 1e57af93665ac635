#include "cards/unique.h"

KERAFT_OP(unique_v2) {
  op.tf("UniqueV2").about("the different slices along an axis");
  op.in("x").in("axis").out("y").out("idx").attr("T").attr("Taxis", DType::i64).attr("out_idx", DType::i32);
  op.shape([](ShapeContext& s) { unique_shape(s, true, false); });
  op.kernel([](KernelContext& k) {
    const auto axis = ints_of(k, 1);
    unique(k, axis.empty() ? std::nullopt : std::optional(k.axis(axis.at(0), k.array(0).dims.size())), false);
  });
  op.sample({given<int32_t>(DType::i32, {3, 2}, {4, 7, 1, 1, 4, 7}), given<int64_t>(DType::i64, {1}, {0})},
            {{"T", DType::i32}});
  op.sample({given<float>(DType::f32, {2, 3}, {1, 2, 1, 3, 4, 3}), given_i32({1})});
  op.sample({dims({5}), given_i32(std::vector<int32_t>{})}, {{"out_idx", DType::i64}});
}
