#include "cards/choose.h"
#include "cards/shapes.h"

KERAFT_OP(select_v2) {
  op.tf("SelectV2").about("elements of one tensor or of another, broadcast");
  op.tensorflow("tf.where({0}, {1}, {2})");
  op.code("ops.where({0}, {1}, {2})");
  op.in("condition").in("t").in("e").out("output").attr("T");
  op.layout({});
  op.shape([](ShapeContext& s) { s.out(0, s.dtype(1), broadcast(s, s.shape(0), broadcast(s, s.shape(1), s.shape(2)))); });
  op.kernel([](KernelContext& k) { choose(k, k.array(0).dims); });
  op.sample({given_bool({2, 3}, {1, 0, 1, 0, 0, 1}), dims({2, 3}), dims({})});
  op.sample({given_bool({3}, {1, 0, 0}), dims({2, 1}), dims({2, 3})});
  op.sample({given_bool({}, {0}), dims({4}), dims({4})});
}
