#include "cards/segment.h"

KERAFT_OP(segment_max) {
  op.tf("SegmentMax").about("the largest of the rows of each segment").fidelity(Fidelity::exact);
  segments(op, Reals{}, 0, [](auto a, auto b) { return larger(a, b); });
}
