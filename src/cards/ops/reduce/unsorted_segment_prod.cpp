#include "cards/segment.h"

KERAFT_OP(unsorted_segment_prod) {
  op.tf("UnsortedSegmentProd")
      .about("the product of the rows of each segment, whose numbers stand in any order")
      .fidelity(Fidelity::approximate);
  unsorted_segments(
      op, Reals{}, [](auto) { return 1; }, [](auto a, auto b) { return times(a, b); });
}
