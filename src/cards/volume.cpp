#include "cards/volume.h"

#include <algorithm>

#include "cards/numeric.h"
#include "kernels/pool.h"
#include "kernels/volume.h"

namespace keraft::cards {
namespace {

/// A list with one number for each axis, those of batch and channels 1.
std::vector<int64_t> sizes_of(const ShapeContext& s, const char* name, size_t rank, size_t channel) {
  std::vector<int64_t> out = s.list(name);
  if (out.size() != rank) s.fail(std::string(name) + " needs " + std::to_string(rank) + " numbers");
  for (const int64_t value : out) {
    if (value < 1 || value > most_in_window) s.fail(std::string(name) + " holds " + std::to_string(value));
  }
  if (out[0] != 1 || out[channel] != 1) {
    throw Error(Status::unsupported, s.card().name() + ": " + name + " over batch or channels", Place{{}, {}, s.node().name});
  }
  return out;
}

void read_padding(const ShapeContext& s, size_t rank, VolumeWindows& out) {
  const std::string& padding = s.text("padding");
  if (padding == "VALID" || padding == "SAME") {
    out.padding = padding == "SAME" ? Padding::same : Padding::valid;
    return;
  }
  if (padding != "EXPLICIT" || !declares(s, "explicit_paddings")) s.fail("padding is " + padding.substr(0, 20));
  out.padding = Padding::given;
  const auto pads = s.list("explicit_paddings");
  if (pads.size() != 2 * rank) s.fail("explicit_paddings needs two numbers for each axis");
  for (const int64_t pad : pads) {
    if (pad < 0 || pad > most_in_window) s.fail("explicit_paddings holds " + std::to_string(pad));
  }
  if (pads[0] || pads[1] || pads[2 * out.channel] || pads[2 * out.channel + 1])
    s.fail("explicit_paddings of batch or channels");
  for (size_t i = 0; i < out.axes.size(); ++i) {
    out.windows[i].before = pads[2 * out.axes[i]];
    out.windows[i].after = pads[2 * out.axes[i] + 1];
  }
}

/// The windows of a filter [space…, _, _] at input `i`.
VolumeWindows filter_windows(const ShapeContext& s, size_t rank) {
  need_rank(s, 1, rank);
  VolumeWindows out = volume_windows(s, rank);
  const Shape& filter = s.shape(1);
  for (size_t i = 0; i < out.windows.size(); ++i) {
    Dim& size = out.windows[i].size;
    size = filter.has_rank() ? filter[i] : unknown_dim(s, 0, out.axes[i]);
    if (size.known() && (size.value() < 1 || size.value() > most_in_window)) s.fail("a filter of shape " + filter.text());
  }
  return out;
}

VolumeWindows pool_windows(const ShapeContext& s) {
  VolumeWindows out = volume_windows(s, 5);
  const auto ksize = sizes_of(s, "ksize", 5, out.channel);
  for (size_t i = 0; i < 3; ++i) out.windows[i].size = ksize[out.axes[i]];
  return out;
}

/// The result of sliding the windows over `in`.
void slide(ShapeContext& s, const VolumeWindows& w, const Dim& channels) {
  need_rank(s, 0, w.axes.size() + 2);
  const Shape& in = s.shape(0);
  Dims out = in.has_rank() ? in.dims() : unknown_dims(s, 0, w.axes.size() + 2).dims();
  for (size_t i = 0; in.has_rank() && i < w.axes.size(); ++i)
    out[w.axes[i]] = out_size(s, in[w.axes[i]], w.windows[i], w.padding);
  out[w.channel] = channels;
  s.out(0, s.dtype(0), out);
}

/// `large` is convolved to `small`; unused leading axes have size 1.
template <class T>
kernels::VolumeArgs<T> volume_args(const VolumeWindows& w, const std::vector<int64_t>& large,
                                   const std::vector<int64_t>& small) {
  kernels::VolumeArgs<T> a;
  a.batch = large[0];
  const size_t skip = 3 - w.axes.size();
  for (size_t i = 0; i < w.axes.size(); ++i) {
    const Window& window = w.windows[i];
    a.in[skip + i] = large[w.axes[i]];
    a.out[skip + i] = small[w.axes[i]];
    a.kernel[skip + i] = window.size.value();
    a.stride[skip + i] = window.stride;
    a.dilation[skip + i] = window.dilation;
    a.before[skip + i] = pad_before(large[w.axes[i]], small[w.axes[i]], window, w.padding);
  }
  return a;
}

}  // namespace

VolumeWindows volume_windows(const ShapeContext& s, size_t rank) {
  const std::string& format = s.text("data_format");
  const bool first = format == (rank == 5 ? "NCDHW" : "NCHW");
  if (!first && format != (rank == 5 ? "NDHWC" : "NHWC")) s.fail("data_format is " + format.substr(0, 20));
  VolumeWindows out;
  out.channel = first ? 1 : rank - 1;
  for (size_t axis = 1; axis < rank; ++axis) {
    if (axis != out.channel) out.axes.push_back(axis);
  }
  out.windows.resize(out.axes.size());
  const auto strides = sizes_of(s, "strides", rank, out.channel);
  for (size_t i = 0; i < out.axes.size(); ++i) out.windows[i].stride = strides[out.axes[i]];
  if (declares(s, "dilations")) {
    const auto dilations = sizes_of(s, "dilations", rank, out.channel);
    for (size_t i = 0; i < out.axes.size(); ++i) out.windows[i].dilation = dilations[out.axes[i]];
  }
  read_padding(s, rank, out);
  return out;
}

void conv3d_shape(ShapeContext& s) {
  const VolumeWindows w = filter_windows(s, 5);
  const Shape &in = s.shape(0), &filter = s.shape(1);
  if (in.has_rank() && in.rank() == 5 && filter.has_rank() && in[w.channel].known() && filter[3].known() && filter[4].known()) {
    const int64_t channels = in[w.channel].value(), depth = filter[3].value();
    if (depth < 1 || channels % depth != 0 || filter[4].value() % std::max<int64_t>(1, channels / depth) != 0)
      s.fail("filter " + filter.text() + " does not fit volumes " + in.text());
  }
  slide(s, w, filter.has_rank() ? filter[4] : unknown_dim(s, 0, w.channel));
}

void conv3d_kernel(KernelContext& outer) {
  with_halves([](KernelContext& k) {
    if (k.array(0).dtype != k.array(1).dtype) k.fail("volume and filter have different types");
    dispatch(k, k.array(0).dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const VolumeWindows w = filter_windows(k, 5);
      const auto& in = k.array(0).dims;
      auto a = volume_args<T>(w, in, k.outputs().at(0).shape.values());
      a.in_c = in[w.channel];
      a.out_c = k.array(1).dims[4];
      a.groups = a.in_c == 0 ? 1 : a.in_c / k.array(1).dims[3];
      const Array volumes = channels_last(k, k.array(0));
      store_channels_last(k, [&](Array& out) {
        if (out.elements() == 0) return;
        a.input = volumes.as<T>();
        a.weights = k.array(1).as<T>();
        a.result = out.as<T>();
        kernels::conv3d(k.kernels(), a);
      });
    });
  })(outer);
}

void pool3d_shape(ShapeContext& s) {
  const VolumeWindows w = pool_windows(s);
  need_rank(s, 0, 5);
  slide(s, w, s.shape(0).has_rank() ? s.shape(0)[w.channel] : unknown_dim(s, 0, w.channel));
}

void pool3d_kernel(KernelContext& outer, bool max) {
  with_halves([max](KernelContext& k) {
    dispatch(k, k.array(0).dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const VolumeWindows w = pool_windows(k);
      const auto& in = k.array(0).dims;
      const auto v = volume_args<T>(w, in, k.outputs().at(0).shape.values());
      kernels::PoolArgs<T> a;
      a.batch = v.batch;
      a.channels = in[w.channel];
      a.in_d = v.in[0], a.in_h = v.in[1], a.in_w = v.in[2];
      a.out_d = v.out[0], a.out_h = v.out[1], a.out_w = v.out[2];
      a.k_d = v.kernel[0], a.k_h = v.kernel[1], a.k_w = v.kernel[2];
      a.stride_d = v.stride[0], a.stride_h = v.stride[1], a.stride_w = v.stride[2];
      a.pad_front = v.before[0], a.pad_top = v.before[1], a.pad_left = v.before[2];
      const Array volumes = channels_last(k, k.array(0));
      store_channels_last(k, [&](Array& out) {
        if (out.elements() == 0) return;
        a.input = volumes.as<T>();
        a.out = out.as<T>();
        max ? kernels::max_pool(k.kernels(), a) : kernels::avg_pool(k.kernels(), a);
      });
    });
  })(outer);
}

void transposed_shape(ShapeContext& s, size_t rank) {
  need_rank(s, 0, 1);
  need_rank(s, 2, rank);
  const VolumeWindows w = filter_windows(s, rank);
  const Shape &filter = s.shape(1), &in = s.shape(2);
  const auto& sizes = s.ints(0);
  Dims out = unknown_dims(s, 0, rank).dims();
  if (in.has_rank()) out[0] = in[0];
  if (filter.has_rank()) out[w.channel] = filter[rank - 2];
  if (filter.has_rank() && in.has_rank() && in[w.channel].known() && filter[rank - 1].known() &&
      in[w.channel] != filter[rank - 1])
    s.fail("filter " + filter.text() + " does not fit " + in.text());
  if (sizes && sizes->size() == rank - 2) {
    for (size_t i = 0; i < w.axes.size(); ++i) out[w.axes[i]] = (*sizes)[i];
  } else if (sizes && sizes->size() == rank) {
    out = unify(s, Shape(out), Shape(*sizes)).dims();
    for (const size_t axis : w.axes) out[axis] = (*sizes)[axis];
  } else if (sizes) {
    s.fail("the result's sizes are " + Shape(*sizes).text());
  }
  need_sizes(s, out);
  for (size_t i = 0; in.has_rank() && i < w.axes.size(); ++i) {
    const Dim &large = out[w.axes[i]], &small = in[w.axes[i]];
    if (large.known() && small.known() && w.windows[i].size.known() && out_size(s, large, w.windows[i], w.padding) != small)
      s.fail("sizes " + Shape(out).text() + " are not convolved to " + in.text());
  }
  s.out(0, s.dtype(2), out);
}

void transposed_kernel(KernelContext& outer, size_t rank) {
  with_halves([rank](KernelContext& k) {
    if (k.array(1).dtype != k.array(2).dtype) k.fail("values and filter have different types");
    dispatch(k, k.array(2).dtype, Floats{} + Types<int32_t>{}, [&](auto type) {
      using T = decltype(type);
      const VolumeWindows w = filter_windows(k, rank);
      auto a = volume_args<T>(w, k.outputs().at(0).shape.values(), k.array(2).dims);
      std::swap(a.in, a.out);
      a.in_c = k.array(1).dims[rank - 1];
      a.out_c = k.array(1).dims[rank - 2];
      const Array values = channels_last(k, k.array(2));
      store_channels_last(k, [&](Array& out) {
        if (out.elements() == 0) return;
        a.input = values.as<T>();
        a.weights = k.array(1).as<T>();
        a.result = out.as<T>();
        kernels::transposed_conv(k.kernels(), a);
      });
    });
  })(outer);
}

}  // namespace keraft::cards
