// The shape rules and kernel arguments of the convolution cards; the executor's fused convolutions use them as well.
#pragma once

#include "cards/window.h"
#include "kernels/conv.h"

namespace keraft::cards {

void conv_shape(ShapeContext& s);
void depthwise_shape(ShapeContext& s);

/// Sizes for NHWC images and a filter of these sizes; no pointers set. `s` has inferred its output.
template <class T>
kernels::ConvArgs<T> conv_args(const ShapeContext& s, bool depthwise);

extern template kernels::ConvArgs<float> conv_args(const ShapeContext&, bool);
extern template kernels::ConvArgs<double> conv_args(const ShapeContext&, bool);

void conv_kernel(KernelContext& k);
void depthwise_kernel(KernelContext& k);

}  // namespace keraft::cards
