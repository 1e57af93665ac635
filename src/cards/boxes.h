// Choosing among boxes that cover one another.
#pragma once

#include <cmath>

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

struct BoxRules {
  int64_t most = 0;         ///< as many are chosen at the most
  float overlap = 0.5F;     ///< a box that shares more with a chosen one (intersection over union) is left out
  float least = -INFINITY;  ///< scores must be above
  float sigma = 0;          ///< above 0: scores fall with the overlap instead (soft suppression)
};
struct ChosenBoxes {
  std::vector<int64_t> indices;
  std::vector<float> scores;
};

/// `boxes` holds two opposite corners of each; the best score first, of equal ones the first.
ChosenBoxes choose_boxes(const float* boxes, const float* scores, int64_t count, const BoxRules& rules);

/// Checks the sizes of boxes (input 0) and scores (input 1).
void boxes_shape(const ShapeContext& s);
/// The number of input `i`, which holds one.
float one_float(const KernelContext& k, size_t i);

/// Shape and kernel of NonMaxSuppression's versions: `version` 1 to 5.
void non_max_suppression(OpCard& card, int version);

}  // namespace keraft::cards
