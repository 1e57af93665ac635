#include "ir/number.h"

#include <charconv>
#include <cmath>

namespace keraft::ir {

double shortest(double value) {
  const float narrow = static_cast<float>(value);
  if (!std::isfinite(value) || static_cast<double>(narrow) != value) return value;
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, narrow).ptr;
  double out = value;
  std::from_chars(text, end, out);
  return out;
}

}  // namespace keraft::ir
