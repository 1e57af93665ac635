// UpSampling: every cell several times.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// Whole numbers by which the spatial axes of x grow to those of y, at least one of them more than 1; else nothing.
std::optional<std::vector<int64_t>> growth(const Match& m, size_t axes, bool channels_first);
/// The factors of the config, one for each axis.
std::vector<int64_t> factors(LowerContext& c, int axes);

/// Reads a repetition along each of `axes` axes, one after the other.
void reads_repetitions(LayerCard& card, int axes);
/// Writes them.
Edge emit_repetitions(LowerContext& c, int axes);

}  // namespace keraft::cards
