#include "cards/segment.h"

KERAFT_OP(segment_sum) {
  op.tf("SegmentSum").about("the sum of the rows of each segment").fidelity(Fidelity::approximate);
  segments(op, Reals{}, 0, [](auto a, auto b) { return plus(a, b); });
}
