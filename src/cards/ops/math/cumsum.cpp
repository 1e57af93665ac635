#include "cards/scan.h"

KERAFT_OP(cumsum) {
  op.tf("Cumsum").about("running sums along an axis").fidelity(Fidelity::approximate);
  scan(op, Reals{}, 0, [](auto sum, auto x) { return plus(sum, x); });
}
