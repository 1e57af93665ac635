// Cross entropy of logits.
#pragma once

#include <cmath>

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// Rows of logits, and for each row the loss and its gradient. `label(row, class)` is the probability that is wanted.
template <class T, class Label>
void cross_entropy(const T* logits, int64_t rows, int64_t columns, T* loss, T* gradient, Label label) {
  for (int64_t r = 0; r < rows; ++r) {
    const T* x = logits + r * columns;
    T* g = gradient + r * columns;
    double top = -std::numeric_limits<double>::infinity(), sum = 0, all = 0;
    for (int64_t c = 0; c < columns; ++c) top = larger(top, static_cast<double>(x[c]));
    for (int64_t c = 0; c < columns; ++c) sum += std::exp(static_cast<double>(x[c]) - top);
    const double log_sum = std::log(sum);
    for (int64_t c = 0; c < columns; ++c) {
      const double shifted = static_cast<double>(x[c]) - top;
      const auto wanted = static_cast<double>(label(r, c));
      if (wanted != 0) all += wanted * (log_sum - shifted);
      g[c] = static_cast<T>(std::exp(shifted) / sum - wanted);
    }
    loss[r] = static_cast<T>(all);
  }
}

}  // namespace keraft::cards
