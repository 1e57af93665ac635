#include "cards/top_k.h"

KERAFT_OP(top_k_v2) {
  op.tf("TopKV2").about("the largest elements of each row, and where they stand");
  op.tensorflow("tf.math.top_k({0}, k={1}, sorted={sorted})", {{"index_type", DType::i32}});
  op.code("ops.top_k({0}, k={1}, sorted={sorted})", {},
          [](const ShapeContext& s) { return s.type("index_type") == DType::i32; });
  op.in("input")
      .in("k")
      .out("values")
      .out("indices")
      .attr("sorted", true)
      .attr("T")
      .attr("Tk", DType::i32)
      .attr("index_type", DType::i32);
  op.shape([](ShapeContext& s) { top_k_shape(s, number(s, 1), s.type("index_type")); });
  op.kernel(top_k);
  op.sample({dims({2, 7}), scalar_i32(3)});
  op.sample({dims({5}), scalar_i32(5)});
  op.sample({dims({2, 2, 9}), scalar_i32(1)}, {{"sorted", false}});
  op.sample({dims({3, 4}), scalar_i32(0)});
  op.sample({given_i32({4, 7, 7, 1, 7}), scalar_i32(4)}, {{"T", DType::i32}});
  op.sample({dims({0, 4}), scalar_i32(2)}, {{"index_type", DType::i64}});
}
