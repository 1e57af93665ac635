#include "cards/window.h"

#include <algorithm>

#include "kernels/move.h"

namespace keraft::cards {
namespace {

void moved(const KernelContext& k, const Array& in, Array& out, const std::vector<size_t>& perm) {
  const auto steps = kernels::row_major(in.dims);
  kernels::Strided what;
  for (const size_t axis : perm) {
    what.dims.push_back(in.dims[axis]);
    what.steps.push_back(steps[axis]);
  }
  kernels::copy_strided(k.kernels(), in.data.get(), out.data.get(), size_of(in.dtype), what);
}

}  // namespace

bool declares(const ShapeContext& s, std::string_view name) {
  return std::any_of(s.card().attributes.begin(), s.card().attributes.end(), [&](const auto& a) { return a.name == name; });
}

ImageAxes image_axes(const ShapeContext& s) {
  const std::string& format = s.text("data_format");
  if (format == "NHWC") return {1, 2, 3};
  if (format == "NCHW") return {2, 3, 1};
  throw Error(Status::unsupported, s.card().name() + " with data_format " + format.substr(0, 20), Place{{}, {}, s.node().name});
}

Windows windows(const ShapeContext& s, const ImageAxes& axes) {
  Windows out;
  const auto four = [&](const char* name, Window& h, Window& w, int64_t Window::*field) {
    const auto values = s.list(name);
    if (values.size() != 4) s.fail(std::string(name) + " needs four numbers");
    for (const int64_t value : values) {
      if (value < 1 || value > most_in_window) s.fail(std::string(name) + " holds " + std::to_string(value));
    }
    if (values[0] != 1 || values[axes.channel] != 1) {
      throw Error(Status::unsupported, s.card().name() + ": " + name + " over batch or channels", Place{{}, {}, s.node().name});
    }
    h.*field = values[axes.height];
    w.*field = values[axes.width];
  };
  four("strides", out.height, out.width, &Window::stride);
  if (declares(s, "dilations")) four("dilations", out.height, out.width, &Window::dilation);
  const std::string& padding = s.text("padding");
  if (padding == "VALID") {
    out.padding = Padding::valid;
  } else if (padding == "SAME") {
    out.padding = Padding::same;
  } else if (padding == "EXPLICIT" && declares(s, "explicit_paddings")) {
    out.padding = Padding::given;
    const auto pads = s.list("explicit_paddings");
    if (pads.size() != 8) s.fail("explicit_paddings needs eight numbers");
    for (const int64_t pad : pads) {
      if (pad < 0 || pad > most_in_window) s.fail("explicit_paddings holds " + std::to_string(pad));
    }
    if (pads[0] || pads[1] || pads[2 * axes.channel] || pads[2 * axes.channel + 1])
      s.fail("explicit_paddings of batch or channels");
    out.height.before = pads[2 * axes.height];
    out.height.after = pads[2 * axes.height + 1];
    out.width.before = pads[2 * axes.width];
    out.width.after = pads[2 * axes.width + 1];
  } else {
    s.fail("padding is " + padding.substr(0, 20));
  }
  return out;
}

Dim out_size(const ShapeContext& s, const Dim& in, const Window& window, Padding padding) {
  const Dim stride = window.stride;
  if (padding == Padding::same) return in.ceil_div(stride);
  const Dim reach = (window.size - Dim(1)) * Dim(window.dilation) + Dim(1);
  const Dim room = in + Dim(window.before) + Dim(window.after) - reach;
  if (room.known()) {
    const int64_t reached = room.value() + window.stride;
    if (reached < 0) s.fail("a window of " + reach.text() + " does not fit into " + in.text());
    return reached / window.stride;
  }
  return stride.is(1) ? room + Dim(1) : room.floor_div(stride) + Dim(1);
}

int64_t pad_before(int64_t in, int64_t out, const Window& window, Padding padding) {
  if (padding == Padding::valid) return 0;
  if (padding == Padding::given) return window.before;
  const int64_t reach = (window.size.value() - 1) * window.dilation + 1;
  return std::max<int64_t>(0, (out - 1) * window.stride + reach - in) / 2;
}

void image_shape(ShapeContext& s, const ImageAxes& axes, const Windows& w, const Dim& channels) {
  need_rank(s, 0, 4);
  const Shape& in = s.shape(0);
  Dims out = in.has_rank() ? in.dims() : unknown_dims(s, 0, 4).dims();
  if (in.has_rank()) {
    out[axes.height] = out_size(s, in[axes.height], w.height, w.padding);
    out[axes.width] = out_size(s, in[axes.width], w.width, w.padding);
  }
  out[axes.channel] = channels;
  s.out(0, s.dtype(0), out);
}

static bool channels_first(const KernelContext& k) { return k.text("data_format").starts_with("NC"); }

Array channels_last(const KernelContext& k, const Array& images) {
  if (!channels_first(k)) return images;
  std::vector<int64_t> dims = images.dims;
  std::vector<size_t> perm;
  for (size_t i = 0; i < dims.size(); ++i) perm.push_back(i == 0 ? 0 : i + 1 < dims.size() ? i + 1 : 1);
  for (size_t i = 0; i < dims.size(); ++i) dims[i] = images.dims[perm[i]];
  Array out = k.temporary(images.dtype, dims);
  moved(k, images, out, perm);
  return out;
}

void store_channels_last(const KernelContext& k, const std::function<void(Array&)>& fn) {
  Array& out = k.result();
  if (!channels_first(k)) return fn(out);
  std::vector<int64_t> dims = out.dims;
  std::vector<size_t> perm;
  for (size_t i = 0; i < dims.size(); ++i) perm.push_back(i == 0 ? 0 : i == 1 ? dims.size() - 1 : i - 1);
  for (size_t i = 0; i < dims.size(); ++i) dims[perm[i]] = out.dims[i];
  Array last = k.temporary(out.dtype, dims);
  fn(last);
  moved(k, last, out, perm);
}

}  // namespace keraft::cards
