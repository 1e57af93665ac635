#include "cards/conv.h"

#include "cards/numeric.h"

namespace keraft::cards {
namespace {

Windows filter_windows(const ShapeContext& s, const ImageAxes& axes) {
  need_rank(s, 1, 4);
  Windows out = windows(s, axes);
  const Shape& filter = s.shape(1);
  out.height.size = filter.has_rank() ? filter[0] : unknown_dim(s, 0, axes.height);
  out.width.size = filter.has_rank() ? filter[1] : unknown_dim(s, 0, axes.width);
  for (const Dim* size : {&out.height.size, &out.width.size}) {
    if (size->known() && (size->value() < 1 || size->value() > (int64_t{1} << 31)))
      s.fail("a filter of shape " + filter.text());
  }
  return out;
}

}  // namespace

void conv_shape(ShapeContext& s) {
  const ImageAxes axes = image_axes(s);
  const Windows w = filter_windows(s, axes);
  const Shape &in = s.shape(0), &filter = s.shape(1);
  if (in.has_rank() && in.rank() == 4 && filter.has_rank() && in[axes.channel].known() && filter[2].known() &&
      filter[3].known()) {
    const int64_t channels = in[axes.channel].value(), depth = filter[2].value(), count = filter[3].value();
    if (depth < 1 || channels % depth != 0 || count % std::max<int64_t>(1, channels / depth) != 0) {
      s.fail("filter " + filter.text() + " does not fit images " + in.text());
    }
  }
  image_shape(s, axes, w, filter.has_rank() ? filter[3] : unknown_dim(s, 0, axes.channel));
}

void depthwise_shape(ShapeContext& s) {
  const ImageAxes axes = image_axes(s);
  const Windows w = filter_windows(s, axes);
  const Shape &in = s.shape(0), &filter = s.shape(1);
  if (in.has_rank() && in.rank() == 4 && filter.has_rank() && in[axes.channel].known() && filter[2].known() &&
      in[axes.channel] != filter[2]) {
    s.fail("filter " + filter.text() + " does not fit images " + in.text());
  }
  image_shape(s, axes, w, filter.has_rank() ? filter[2] * filter[3] : unknown_dim(s, 0, axes.channel));
}

template <class T>
kernels::ConvArgs<T> conv_args(const ShapeContext& s, bool depthwise) {
  const ImageAxes axes = image_axes(s);
  const Windows w = filter_windows(s, axes);
  const auto in = s.shape(0).values(), filter = s.shape(1).values(), out = s.outputs().at(0).shape.values();
  kernels::ConvArgs<T> a;
  a.batch = in[0];
  a.in_h = in[axes.height];
  a.in_w = in[axes.width];
  a.in_c = in[axes.channel];
  a.k_h = filter[0];
  a.k_w = filter[1];
  a.out_h = out[axes.height];
  a.out_w = out[axes.width];
  a.out_c = out[axes.channel];
  a.stride_h = w.height.stride;
  a.stride_w = w.width.stride;
  a.dilation_h = w.height.dilation;
  a.dilation_w = w.width.dilation;
  a.pad_top = pad_before(a.in_h, a.out_h, w.height, w.padding);
  a.pad_left = pad_before(a.in_w, a.out_w, w.width, w.padding);
  a.groups = depthwise || a.in_c == 0 ? 1 : a.in_c / filter[2];
  return a;
}

template kernels::ConvArgs<float> conv_args(const ShapeContext&, bool);
template kernels::ConvArgs<double> conv_args(const ShapeContext&, bool);

/// Of integers, which wrap around.
static void convolve(const kernels::ConvArgs<int32_t>& a) {
  const int64_t depth = a.in_c / a.groups, fan = a.out_c / a.groups;
  int32_t* out = a.out;
  for (int64_t cell = 0; cell < a.batch * a.out_h * a.out_w; ++cell) {
    const int64_t top = cell / a.out_w % a.out_h * a.stride_h - a.pad_top, left = cell % a.out_w * a.stride_w - a.pad_left;
    const int32_t* image = a.input + cell / (a.out_h * a.out_w) * a.in_h * a.in_w * a.in_c;
    for (int64_t c = 0; c < a.out_c; ++c) {
      uint32_t sum = 0;
      for (int64_t tap = 0; tap < a.k_h * a.k_w; ++tap) {
        const int64_t y = top + tap / a.k_w * a.dilation_h, x = left + tap % a.k_w * a.dilation_w;
        if (y < 0 || y >= a.in_h || x < 0 || x >= a.in_w) continue;
        const int32_t* pixel = image + (y * a.in_w + x) * a.in_c + c / fan * depth;
        for (int64_t i = 0; i < depth; ++i)
          sum += static_cast<uint32_t>(pixel[i]) * static_cast<uint32_t>(a.weights[(tap * depth + i) * a.out_c + c]);
      }
      *out++ = static_cast<int32_t>(sum);
    }
  }
}

static void convolve(KernelContext& k, bool depthwise) {
  if (k.array(0).dtype != k.array(1).dtype) k.fail("image and filter have different types");
  const auto run = [&](auto type) {
    using T = decltype(type);
    auto args = conv_args<T>(k, depthwise);
    const Array images = channels_last(k, k.array(0));
    store_channels_last(k, [&](Array& out) {
      if (out.elements() == 0) return;
      args.input = images.as<T>();
      args.weights = k.array(1).as<T>();
      args.out = out.as<T>();
      if constexpr (std::is_integral_v<T>)
        convolve(args);
      else if (depthwise)
        kernels::depthwise_conv2d(k.kernels(), args);
      else
        kernels::conv2d(k.kernels(), args);
    });
  };
  if (depthwise)
    dispatch(k, k.array(0).dtype, Floats{}, run);
  else
    dispatch(k, k.array(0).dtype, Floats{} + Types<int32_t>{}, run);
}

void conv_kernel(KernelContext& k) {
  with_halves([](KernelContext& inner) { convolve(inner, false); })(k);
}

void depthwise_kernel(KernelContext& k) {
  with_halves([](KernelContext& inner) { convolve(inner, true); })(k);
}

}  // namespace keraft::cards
