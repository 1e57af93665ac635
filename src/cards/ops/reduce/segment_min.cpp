#include "cards/segment.h"

KERAFT_OP(segment_min) {
  op.tf("SegmentMin").about("the smallest of the rows of each segment").fidelity(Fidelity::exact);
  segments(op, Reals{}, 0, [](auto a, auto b) { return smaller(a, b); });
}
