#include "cards/scan.h"

KERAFT_OP(cumsum) {
  op.tf("Cumsum").about("running sums along an axis").fidelity(Fidelity::approximate);
  op.tensorflow("tf.cumsum({0}, axis={1}, exclusive={exclusive}, reverse={reverse})");
  op.code("ops.cumsum({0}, axis={1})");
  op.code_with([](CodeContext& k) { return cards::scan_code(k, "Cumsum", 0); });
  scan(op, Reals{}, 0, [](auto sum, auto x) { return plus(sum, x); });
}
