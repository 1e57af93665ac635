#include "cards/segment.h"

KERAFT_OP(segment_prod) {
  op.tf("SegmentProd").about("the product of the rows of each segment").fidelity(Fidelity::approximate);
  segments(op, Reals{}, 1, [](auto a, auto b) { return times(a, b); });
}
