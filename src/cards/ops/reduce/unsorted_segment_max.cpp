#include "cards/segment.h"

KERAFT_OP(unsorted_segment_max) {
  op.tf("UnsortedSegmentMax")
      .about("the largest of the rows of each segment, whose numbers stand in any order")
      .fidelity(Fidelity::exact);
  op.code("ops.segment_max({0}, {1}, num_segments={2})", {}, numbers_of_rows);
  unsorted_segments(
      op, Reals{}, [](auto t) { return lowest_of(t); }, [](auto a, auto b) { return larger(a, b); });
}
