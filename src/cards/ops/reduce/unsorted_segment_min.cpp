#include "cards/segment.h"

KERAFT_OP(unsorted_segment_min) {
  op.tf("UnsortedSegmentMin")
      .about("the smallest of the rows of each segment, whose numbers stand in any order")
      .fidelity(Fidelity::exact);
  unsorted_segments(
      op, Reals{}, [](auto t) { return highest_of(t); }, [](auto a, auto b) { return smaller(a, b); });
}
