#pragma once

#include "panels.h"

namespace keraft::kernels {

/// A 2-D convolution of NHWC images. Padding below and right follows from the output size. Cells
/// outside the input count as zero.
template <class T>
struct ConvArgs {
  std::int64_t batch = 1, in_h = 0, in_w = 0, in_c = 0;
  std::int64_t k_h = 1, k_w = 1;
  std::int64_t out_h = 0, out_w = 0, out_c = 0;
  std::int64_t stride_h = 1, stride_w = 1;
  std::int64_t dilation_h = 1, dilation_w = 1;
  std::int64_t pad_top = 0, pad_left = 0;
  std::int64_t groups = 1;
  const T* input = nullptr;
  const T* weights = nullptr;  // HWIO, I = in_c / groups; not read when they come packed
  T* out = nullptr;            // must not overlap the input
  std::int64_t ld_out = 0;     // distance of output pixels, 0 = out_c (larger: part of a concatenation)
  Epilogue<T> epilogue;        // ld_residual 0 = out_c
};

/// Constant weights laid out for one instruction set. May be shared by concurrent calls, and used
/// with any batch and image size.
template <class T>
class PackedConv {
 public:
  std::size_t bytes() const noexcept { return data_.bytes(); }

 private:
  template <class U>
  friend PackedConv<U> pack_conv(const Kernels&, const ConvArgs<U>&);
  template <class U>
  friend void conv2d(const Kernels&, const ConvArgs<U>&, const PackedConv<U>&);

  std::int64_t k_h_ = 0, k_w_ = 0, in_c_ = 0, out_c_ = 0, groups_ = 0, dilation_w_ = 0;
  bool row_runs_ = false;  // a kernel row is one run of k_w * in_c values
  PanelPlan plan_;         // of one group
  Buffer data_;
};

/// Reads the kernel's sizes, dilation and weights of `args`. Throws std::invalid_argument when
/// groups do not divide the channels.
template <class T>
PackedConv<T> pack_conv(const Kernels& kernels, const ConvArgs<T>& args);

/// Throws std::invalid_argument when `weights` were packed for another convolution or instruction set.
template <class T>
void conv2d(const Kernels& kernels, const ConvArgs<T>& args, const PackedConv<T>& weights);

template <class T>
void conv2d(const Kernels& kernels, const ConvArgs<T>& args) {
  conv2d(kernels, args, pack_conv(kernels, args));
}

/// Depthwise convolution: weights HWIM, out_c = in_c * multiplier, output channel c * multiplier + m.
/// `groups` and `ld_out` of `args` are ignored, a residual is not supported.
template <class T>
void depthwise_conv2d(const Kernels& kernels, const ConvArgs<T>& args);

extern template PackedConv<float> pack_conv(const Kernels&, const ConvArgs<float>&);
extern template PackedConv<double> pack_conv(const Kernels&, const ConvArgs<double>&);
extern template void conv2d(const Kernels&, const ConvArgs<float>&, const PackedConv<float>&);
extern template void conv2d(const Kernels&, const ConvArgs<double>&, const PackedConv<double>&);
extern template void depthwise_conv2d(const Kernels&, const ConvArgs<float>&);
extern template void depthwise_conv2d(const Kernels&, const ConvArgs<double>&);

}  // namespace keraft::kernels
