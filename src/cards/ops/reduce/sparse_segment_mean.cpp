#include <cmath>
#include "cards/segment.h"

KERAFT_OP(sparse_segment_mean) {
  op.tf("SparseSegmentMean").about("the mean of rows that indices pick, for each segment").fidelity(Fidelity::approximate);
  sparse_segments(op, [](auto rows) { return 1 / rows; });
}
