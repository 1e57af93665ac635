// Resizing by weighted sums over neighbouring pixels, an axis at a time.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

struct Tap {
  int64_t at = 0;
  float weight = 0;
};
/// The pixels of a source axis that one pixel of the result is made of, in the order they are summed. As in TensorFlow a
/// pixel can be there twice or with weight 0, which infinities and NaN among the pixels make visible.
using Taps = std::vector<Tap>;

/// Input 0 [N, H, W, C] of any number type → float [N, rows, columns, C].
void resample(KernelContext& k, const std::vector<Taps>& rows, const std::vector<Taps>& columns);

std::vector<Taps> bicubic_taps(const ShapeContext& s, int64_t in, int64_t out);
std::vector<Taps> area_taps(const ShapeContext& s, int64_t in, int64_t out);
/// With the kernel and antialias of the attributes. Fails for an unknown kernel.
std::vector<Taps> scaled_taps(const ShapeContext& s, int64_t in, int64_t out, float scale, float translation);

}  // namespace keraft::cards
