// Layers over one spatial axis run as ops over two: the input gets a unit axis (ExpandDims), which the result loses (Squeeze).
// Forms keep the axis as "$axis_" and the squeezed one as "$axes_".
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// Checks that both are the same spatial axis, and takes its entry out of strides, dilation_rate and pool_size, where it must
/// be 1 for pool_size. Gives which of the two spatial axes it is; nothing when the match is to be refused.
std::optional<size_t> drop_unit_axis(Match& m);

bool channels_first(LowerContext& c);
/// The input with its unit axis in front of the spatial one.
Edge add_unit_axis(LowerContext& c, Edge x);
Edge drop_unit_axis(LowerContext& c, Edge x);
/// A config entry as one number for each of `axes` spatial axes, and 1 for a unit axis.
Value spatial_entry(LowerContext& c, std::string_view field, int axes);
/// The same as an op over images or volumes has it, with entries for batch and channels.
Value window_entry(LowerContext& c, std::string_view field, int axes);
/// Strides, padding, data_format and, for convolutions, dilations of an op over two or three axes.
Dict window_attributes(LowerContext& c, int axes);

}  // namespace keraft::cards
