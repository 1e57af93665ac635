#include "cards/blocks.h"
#include "cards/shapes.h"

KERAFT_OP(batch_to_space_nd) {
  op.tf("BatchToSpaceND").about("the inverse of SpaceToBatchND");
  op.code_with(batch_to_space_code);
  op.in("input")
      .in("block_shape")
      .in("crops")
      .out("output")
      .attr("T")
      .attr("Tblock_shape", DType::i32)
      .attr("Tcrops", DType::i32);
  op.shape([](ShapeContext& s) { batch_to_space_shape(s); });
  op.kernel(batch_to_space);
  op.sample({dims({6, 2, 2, 2}), given_i32({2, 3}), given<int32_t>(DType::i32, {2, 2}, {0, 0, 0, 0})});
  op.sample({dims({8, 2, 3, 1}), given_i32({2, 2}), given<int32_t>(DType::i32, {2, 2}, {1, 0, 0, 1})});
  op.sample({dims({3, 3, 3}), given_i32({3}), given<int32_t>(DType::i32, {1, 2}, {2, 2})});
}
