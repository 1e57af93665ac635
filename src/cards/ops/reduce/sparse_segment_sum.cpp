#include <cmath>
#include "cards/segment.h"

KERAFT_OP(sparse_segment_sum) {
  op.tf("SparseSegmentSum").about("the sum of rows that indices pick, for each segment").fidelity(Fidelity::approximate);
  sparse_segments(op, [](auto rows) { return rows / rows; });
}
