// How far two tensors are apart.
#pragma once

#include "keraft/run.hpp"

namespace keraft::verifying {

struct Difference {
  double max_abs = 0;
  double scale = 0;        ///< the largest finite magnitude of the first tensor
  double max_rel = 0;      ///< max_abs / scale
  double ulp = 0;          ///< max_abs in units of the last place of scale
  int64_t finite = 0;      ///< elements that are finite in both
  bool comparable = true;  ///< same number of elements
};

/// NaN equals NaN, an infinity equals itself; against anything else they are infinitely far apart.
Difference compare(const Array& a, const Array& b);

}  // namespace keraft::verifying
