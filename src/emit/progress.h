// What counters say of statements that follow each other.
#pragma once

#include <vector>

#include "emit/patterns.h"

namespace keraft::emit {

/// Columns in terms of a counter with the values first, first + step …
struct Progress {
  int64_t first = 0, step = 1;
  std::vector<Pattern> patterns;  ///< by column
  size_t length = 0;              ///< how many runs from the first on follow it
};
/// As many of the runs, which are two or more, as one counter describes, from the first on.
Progress progress(const std::vector<Column>& columns, size_t runs);

}  // namespace keraft::emit
