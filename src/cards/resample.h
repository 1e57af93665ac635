// Resizing by weighted sums over neighbouring pixels, an axis at a time.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// The pixels of a source axis that one pixel of the result is made of.
struct Taps {
  int64_t first = 0;
  std::vector<float> weights;
};

/// Input 0 [N, H, W, C] of any number type → float [N, rows, columns, C].
void resample(KernelContext& k, const std::vector<Taps>& rows, const std::vector<Taps>& columns);

std::vector<Taps> bicubic_taps(const ShapeContext& s, int64_t in, int64_t out);
std::vector<Taps> area_taps(const ShapeContext& s, int64_t in, int64_t out);
/// With the kernel and antialias of the attributes. Fails for an unknown kernel.
std::vector<Taps> scaled_taps(const ShapeContext& s, int64_t in, int64_t out, float scale, float translation);

}  // namespace keraft::cards
