#include "cards/scan.h"

KERAFT_OP(cumprod) {
  op.tf("Cumprod").about("running products along an axis").fidelity(Fidelity::approximate);
  scan(op, Reals{}, 1, [](auto product, auto x) { return times(product, x); });
}
