#include "cards/top_k.h"

KERAFT_OP(top_k) {
  op.tf("TopK").about("the largest elements of each row, and where they stand");
  op.tensorflow("tf.math.top_k({0}, k={k}, sorted={sorted})");
  op.code("ops.top_k({0}, k={k}, sorted={sorted})");
  op.in("input").out("values").out("indices").attr("k").attr("sorted", true).attr("T");
  op.shape([](ShapeContext& s) { top_k_shape(s, s.integer("k"), DType::i32); });
  op.kernel(top_k);
  op.sample({dims({2, 7})}, {{"k", 3}});
  op.sample({dims({5})}, {{"k", 5}});
  op.sample({dims({2, 2, 9})}, {{"k", 1}});
}
