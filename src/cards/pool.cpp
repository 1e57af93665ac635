#include "cards/pool.h"

#include <limits>

#include "cards/numeric.h"
#include "kernels/pool.h"

namespace keraft::cards {
namespace {

Windows sized(const ShapeContext& s, const std::vector<int64_t>& ksize, Windows w) {
  const ImageAxes axes = image_axes(s);
  if (ksize.size() != 4) s.fail("ksize needs four numbers");
  for (const int64_t size : ksize) {
    if (size < 1 || size > std::numeric_limits<int32_t>::max()) s.fail("ksize holds " + std::to_string(size));
  }
  if (ksize[0] != 1 || ksize[axes.channel] != 1) {
    throw Error(Status::unsupported, s.card().name() + " over batch or channels", Place{{}, {}, s.node().name});
  }
  w.height.size = ksize[axes.height];
  w.width.size = ksize[axes.width];
  if (w.padding == Padding::given) {
    for (const Window* window : {&w.height, &w.width}) {
      if (window->before >= window->size.value() || window->after >= window->size.value())
        s.fail("padding as large as the window");
    }
  }
  return w;
}

}  // namespace

void pool_shape(ShapeContext& s, const std::vector<int64_t>& ksize, const Windows& w) {
  const ImageAxes axes = image_axes(s);
  need_rank(s, 0, 4);
  image_shape(s, axes, sized(s, ksize, w), s.shape(0).has_rank() ? s.shape(0)[axes.channel] : unknown_dim(s, 0, axes.channel));
}

void pool_shape(ShapeContext& s) { pool_shape(s, s.list("ksize"), windows(s, image_axes(s))); }

void pool(KernelContext& k, Pool what, const std::vector<int64_t>& ksize, Windows plain) {
  const ImageAxes axes = image_axes(k);
  const Windows w = sized(k, ksize, std::move(plain));
  with_halves([&](KernelContext& inner) {
    const auto slide = [&](auto type) {
      using T = decltype(type);
      const auto& in = inner.array(0).dims;
      const auto out = inner.outputs()[0].shape.values();
      kernels::PoolArgs<T> a;
      a.batch = in[0];
      a.in_h = in[axes.height];
      a.in_w = in[axes.width];
      a.channels = in[axes.channel];
      a.k_h = w.height.size.value();
      a.k_w = w.width.size.value();
      a.stride_h = w.height.stride;
      a.stride_w = w.width.stride;
      a.out_h = out[axes.height];
      a.out_w = out[axes.width];
      a.pad_top = pad_before(a.in_h, a.out_h, w.height, w.padding);
      a.pad_left = pad_before(a.in_w, a.out_w, w.width, w.padding);
      const Array images = channels_last(inner, inner.array(0));
      store_channels_last(inner, [&](Array& result) {
        if (result.elements() == 0) return;
        a.input = images.as<T>();
        a.out = result.as<T>();
        if (what == Pool::max)
          kernels::max_pool(inner.kernels(), a);
        else if constexpr (std::is_floating_point_v<T>)
          kernels::avg_pool(inner.kernels(), a);
      });
    };
    if (what == Pool::max)
      dispatch(inner, inner.array(0).dtype, Floats{} + Integers{}, slide);
    else
      dispatch(inner, inner.array(0).dtype, Floats{}, slide);
  })(k);
}

void pool(KernelContext& k, Pool what) { pool(k, what, k.list("ksize"), windows(k, image_axes(k))); }

}  // namespace keraft::cards
