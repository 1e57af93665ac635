// Layers that add to or take from the edges of the spatial axes: ZeroPadding and Cropping.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// Amounts [before, after] of each of `axes` spatial axes, from a number, or from a list with a number or a pair for each axis
/// (for one axis, the pair itself).
std::vector<int64_t> edge_amounts(LowerContext& c, std::string_view field, int axes);
/// The inverse: a pair for each axis; for one axis the pair itself.
Value edge_entry(const std::vector<int64_t>& amounts);
/// From amounts of every axis of a tensor: the entry, and the layout that leaves the channels as they are, channels_last if
/// that can be. Nothing where batch or channels change, or no size does.
std::optional<Value> edge_entry_of(const std::vector<int64_t>& amounts, std::string& layout);

void zero_padding_layer(LayerCard& card, int axes);
void cropping_layer(LayerCard& card, int axes);

}  // namespace keraft::cards
