#include "cards/segment.h"

KERAFT_OP(unsorted_segment_sum) {
  op.tf("UnsortedSegmentSum")
      .about("the sum of the rows of each segment, whose numbers stand in any order")
      .fidelity(Fidelity::approximate);
  unsorted_segments(
      op, Reals{}, [](auto) { return 0; }, [](auto a, auto b) { return plus(a, b); });
}
