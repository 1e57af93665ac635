#include "cards/elementwise.h"

KERAFT_OP(add_n) {
  op.tf("AddN").about("the sum of tensors of one shape").fidelity(Fidelity::rounding);
  op.tensorflow("tf.add_n({inputs})");
  op.code("ops.sum(ops.stack({inputs}, axis=0), axis=0)");
  op.in_list("inputs").out("sum").attr("N").attr("T");
  op.layout({});
  add_n(op);
  op.sample({dims({2, 3}), dims({2, 3})});
  op.sample({dims({4}), dims({4}), dims({4})});
  op.sample({dims({})});
  op.sample({dims({0, 2}), dims({0, 2})});
}
