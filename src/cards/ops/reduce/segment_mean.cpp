#include "cards/segment.h"

KERAFT_OP(segment_mean) {
  op.tf("SegmentMean").about("the mean of the rows of each segment").fidelity(Fidelity::approximate);
  segments(
      op, Reals{}, 0, [](auto a, auto b) { return plus(a, b); },
      [](auto sum, int64_t rows) { return sum / static_cast<Wide<decltype(sum)>>(rows); });
}
