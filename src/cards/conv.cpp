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

static void convolve(KernelContext& k, bool depthwise) {
  if (k.array(0).dtype != k.array(1).dtype) k.fail("image and filter have different types");
  dispatch(k, k.array(0).dtype, Floats{}, [&](auto type) {
    using T = decltype(type);
    auto args = conv_args<T>(k, depthwise);
    const Array images = channels_last(k, k.array(0));
    store_channels_last(k, [&](Array& out) {
      if (out.elements() == 0) return;
      args.input = images.as<T>();
      args.weights = k.array(1).as<T>();
      args.out = out.as<T>();
      if (depthwise)
        kernels::depthwise_conv2d(k.kernels(), args);
      else
        kernels::conv2d(k.kernels(), args);
    });
  });
}

void conv_kernel(KernelContext& k) {
  with_halves([](KernelContext& inner) { convolve(inner, false); })(k);
}

void depthwise_kernel(KernelContext& k) {
  with_halves([](KernelContext& inner) { convolve(inner, true); })(k);
}

}  // namespace keraft::cards
