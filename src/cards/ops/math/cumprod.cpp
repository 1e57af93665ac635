#include "cards/scan.h"

KERAFT_OP(cumprod) {
  op.tf("Cumprod").about("running products along an axis").fidelity(Fidelity::approximate);
  op.tensorflow("tf.math.cumprod({0}, axis={1}, exclusive={exclusive}, reverse={reverse})");
  op.code("ops.cumprod({0}, axis={1})");
  op.code_with([](CodeContext& k) { return cards::scan_code(k, "Cumprod", 1); });
  scan(op, Reals{}, 1, [](auto product, auto x) { return times(product, x); });
}
