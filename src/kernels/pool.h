#pragma once

#include "context.h"

namespace keraft::kernels {

/// A pooling of NHWC images, or of NDHWC volumes. Padding below, right and behind follows from the output size; each window
/// must meet at least one input cell.
template <class T>
struct PoolArgs {
  std::int64_t batch = 1, in_h = 0, in_w = 0, channels = 0;
  std::int64_t k_h = 1, k_w = 1, stride_h = 1, stride_w = 1;
  std::int64_t dilation_h = 1, dilation_w = 1;
  std::int64_t pad_top = 0, pad_left = 0;
  std::int64_t out_h = 0, out_w = 0;
  std::int64_t in_d = 1, k_d = 1, stride_d = 1, pad_front = 0, out_d = 1;
  const T* input = nullptr;
  T* out = nullptr;
};

/// Padding is ignored; NaN wins. For float, double and all integers.
template <class T>
void max_pool(const Kernels& kernels, const PoolArgs<T>& args);
/// Divides by the number of cells inside the input.
template <class T>
void avg_pool(const Kernels& kernels, const PoolArgs<T>& args);

extern template void max_pool(const Kernels&, const PoolArgs<float>&);
extern template void max_pool(const Kernels&, const PoolArgs<double>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::int32_t>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::int64_t>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::int16_t>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::int8_t>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::uint16_t>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::uint8_t>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::uint32_t>&);
extern template void max_pool(const Kernels&, const PoolArgs<std::uint64_t>&);
extern template void avg_pool(const Kernels&, const PoolArgs<float>&);
extern template void avg_pool(const Kernels&, const PoolArgs<double>&);

}  // namespace keraft::kernels
