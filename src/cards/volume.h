// Windows that slide over volumes, and convolutions turned around (in images and volumes).
#pragma once

#include <array>

#include "cards/window.h"

namespace keraft::cards {

/// Windows over the spatial axes of a tensor of rank 4 or 5.
struct VolumeWindows {
  size_t channel = 0;
  std::vector<size_t> axes;  ///< the spatial ones
  std::vector<Window> windows;
  Padding padding = Padding::valid;
};
/// From strides, padding, data_format and, where the card has them, dilations and explicit_paddings; sizes of the windows
/// unset.
VolumeWindows volume_windows(const ShapeContext& s, size_t rank);

void conv3d_shape(ShapeContext& s);
void conv3d_kernel(KernelContext& k);

/// Max (else the average) of each window of ksize.
void pool3d_shape(ShapeContext& s);
void pool3d_kernel(KernelContext& k, bool max);

/// Input 0 holds the sizes of the result, or of its spatial axes alone; 1 is the filter of the convolution that is turned
/// around, 2 its result. `rank`: 4 or 5.
void transposed_shape(ShapeContext& s, size_t rank);
void transposed_kernel(KernelContext& k, size_t rank);

}  // namespace keraft::cards
