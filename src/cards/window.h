// Windows that slide over images: convolution and pooling.
#pragma once

#include <limits>

#include "cards/shapes.h"

namespace keraft::cards {

/// Of sizes, strides and pads: kernels multiply such numbers with each other in 64 bits.
inline constexpr int64_t most_in_window = std::numeric_limits<int32_t>::max();

/// Does the op's card have the attribute?
bool declares(const ShapeContext& s, std::string_view name);

/// Where the axes of an image batch are.
struct ImageAxes {
  size_t height, width, channel;
};
/// From data_format: NHWC or NCHW.
ImageAxes image_axes(const ShapeContext& s);

/// A window over one axis.
struct Window {
  Dim size;  ///< of the kernel
  int64_t stride = 1, dilation = 1;
  int64_t before = 0, after = 0;  ///< explicit padding
};
enum class Padding { valid, same, given };

/// Strides and dilations of height and width from lists of four numbers, checked: positive, 1 for batch and channels.
struct Windows {
  Padding padding;
  Window height, width;
};
/// `attributes` are those of the op: strides, padding and, where the card has them, dilations and explicit_paddings.
Windows windows(const ShapeContext& s, const ImageAxes& axes);

/// The size of the result along one axis; fails when it is negative.
Dim out_size(const ShapeContext& s, const Dim& in, const Window& window, Padding padding);
/// The padding before, for numbers.
int64_t pad_before(int64_t in, int64_t out, const Window& window, Padding padding);

/// Input 0 with the spatial axes replaced and `channels`.
void image_shape(ShapeContext& s, const ImageAxes& axes, const Windows& windows, const Dim& channels);

/// A batch of images or volumes with the channels last: itself, or a copy with the channels moved last.
Array channels_last(const KernelContext& k, const Array& images);
/// Runs `fn(out)` with an array of the result's sizes, the channels last, and stores it in the order of data_format.
void store_channels_last(const KernelContext& k, const std::function<void(Array&)>& fn);

}  // namespace keraft::cards
