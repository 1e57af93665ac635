#include "cards/segment.h"

KERAFT_OP(unsorted_segment_sum) {
  op.tf("UnsortedSegmentSum")
      .about("the sum of the rows of each segment, whose numbers stand in any order")
      .fidelity(Fidelity::approximate);
  op.code("ops.segment_sum({0}, {1}, num_segments={2})", {}, numbers_of_rows);
  unsorted_segments(
      op, Reals{}, [](auto) { return 0; }, [](auto a, auto b) { return plus(a, b); });
}
