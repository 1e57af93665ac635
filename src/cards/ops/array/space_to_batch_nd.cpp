#include "cards/blocks.h"
#include "cards/shapes.h"

KERAFT_OP(space_to_batch_nd) {
  op.tf("SpaceToBatchND").about("blocks of space moved into the batch");
  op.code_with(space_to_batch_code);
  op.in("input")
      .in("block_shape")
      .in("paddings")
      .out("output")
      .attr("T")
      .attr("Tblock_shape", DType::i32)
      .attr("Tpaddings", DType::i32);
  op.shape([](ShapeContext& s) { space_to_batch_shape(s); });
  op.kernel(space_to_batch);
  op.sample({dims({1, 4, 6, 2}), given_i32({2, 3}), given<int32_t>(DType::i32, {2, 2}, {0, 0, 0, 0})});
  op.sample({dims({2, 3, 5, 1}), given_i32({2, 2}), given<int32_t>(DType::i32, {2, 2}, {1, 0, 0, 1})});
  op.sample({dims({1, 5, 3}), given_i32({3}), given<int32_t>(DType::i32, {1, 2}, {2, 2})});
}
