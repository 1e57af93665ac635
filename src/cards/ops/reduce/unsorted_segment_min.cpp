#include "cards/segment.h"

KERAFT_OP(unsorted_segment_min) {
  op.tf("UnsortedSegmentMin")
      .about("the smallest of the rows of each segment, whose numbers stand in any order")
      .fidelity(Fidelity::exact);
  op.code("ops.negative(ops.segment_max(ops.negative({0}), {1}, num_segments={2}))", {},
          [](const ShapeContext& s) { return numbers_of_rows(s) && is_floating(s.dtype(0)); });
  // −1 − x turns the order around, and the least number into the largest.
  op.code("ops.subtract(-1, ops.segment_max(ops.subtract(-1, {0}), {1}, num_segments={2}))", {},
          [](const ShapeContext& s) { return numbers_of_rows(s) && (s.dtype(0) == DType::i32 || s.dtype(0) == DType::i64); });
  unsorted_segments(
      op, Reals{}, [](auto t) { return highest_of(t); }, [](auto a, auto b) { return smaller(a, b); });
}
