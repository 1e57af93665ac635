#include <cmath>
#include "cards/segment.h"

KERAFT_OP(sparse_segment_sqrt_n) {
  op.tf("SparseSegmentSqrtN")
      .about("the sum divided by the square root of the number of rows that indices pick, for each segment")
      .fidelity(Fidelity::approximate);
  sparse_segments(op, [](auto rows) { return 1 / std::sqrt(rows); });
}
