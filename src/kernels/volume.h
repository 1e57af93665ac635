#pragma once

#include <array>

#include "context.h"

namespace keraft::kernels {

/// A convolution of NDHWC volumes, axis by axis: depth, height, width. What lies outside of a volume counts as zero.
template <class T>
struct VolumeArgs {
  using Sizes = std::array<std::int64_t, 3>;
  std::int64_t batch = 1, in_c = 0, out_c = 0, groups = 1;
  Sizes in{1, 1, 1}, kernel{1, 1, 1}, out{1, 1, 1};
  Sizes stride{1, 1, 1}, dilation{1, 1, 1}, before{};  ///< `before`: padding in front
  const T* input = nullptr;
  const T* weights = nullptr;
  T* result = nullptr;
};

/// Weights DHWIO, I = in_c / groups.
template <class T>
void conv3d(const Kernels& kernels, const VolumeArgs<T>& args);

/// The transpose: cell i of the input is spread over the cells i · stride + k · dilation - before of the result.
/// Weights DHWOI; one group.
template <class T>
void transposed_conv(const Kernels& kernels, const VolumeArgs<T>& args);

extern template void conv3d(const Kernels&, const VolumeArgs<float>&);
extern template void conv3d(const Kernels&, const VolumeArgs<double>&);
extern template void transposed_conv(const Kernels&, const VolumeArgs<float>&);
extern template void transposed_conv(const Kernels&, const VolumeArgs<double>&);
extern template void transposed_conv(const Kernels&, const VolumeArgs<std::int32_t>&);

}  // namespace keraft::kernels
