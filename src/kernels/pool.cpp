#include "pool.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include "panels.h"

namespace keraft::kernels {

namespace {

template <class T, class Window>
void each_window(const Kernels& kernels, const PoolArgs<T>& args, Window&& window) {
  if (args.channels <= 0 || args.out_w <= 0) return;
  const std::int64_t cells = std::min(args.k_d, args.in_d) * std::min(args.k_h, args.in_h) * std::min(args.k_w, args.in_w);
  const std::int64_t work = args.out_w * cells * args.channels;
  const std::int64_t grain = std::max<std::int64_t>(1, 65536 / std::max<std::int64_t>(1, work));
  kernels.threads().parallel_for(args.batch * args.out_d * args.out_h, grain, [&](std::int64_t begin, std::int64_t end) {
    auto lease = kernels.scratch().take(area(cells, sizeof(T*)));
    const T** const list = lease.template as<const T*>();
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t volume = r / args.out_h / args.out_d * args.in_d;
      const std::int64_t front = r / args.out_h % args.out_d * args.stride_d - args.pad_front;
      const std::int64_t top = r % args.out_h * args.stride_h - args.pad_top;
      T* out = args.out + r * args.out_w * args.channels;
      for (std::int64_t x = 0; x < args.out_w; ++x, out += args.channels) {
        const std::int64_t left = x * args.stride_w - args.pad_left;
        std::int64_t count = 0;
        for (std::int64_t z = std::max<std::int64_t>(0, front); z < std::min(args.in_d, front + args.k_d); ++z) {
          const T* image = args.input + (volume + z) * args.in_h * args.in_w * args.channels;
          for (std::int64_t i = 0; i < args.k_h; ++i) {
            const std::int64_t iy = top + i * args.dilation_h;
            if (iy < 0 || iy >= args.in_h) continue;
            for (std::int64_t j = 0; j < args.k_w; ++j) {
              const std::int64_t ix = left + j * args.dilation_w;
              if (ix < 0 || ix >= args.in_w) continue;
              list[count++] = image + (iy * args.in_w + ix) * args.channels;
            }
          }
        }
        if (count == 0) throw std::invalid_argument("pool: a window lies outside the input");
        window(list, count, out);
      }
    }
  });
}

template <class T>
void largest(const T* const* cells, std::int64_t count, std::int64_t channels, T* out) {
  std::copy_n(cells[0], channels, out);
  for (std::int64_t i = 1; i < count; ++i) {
    for (std::int64_t c = 0; c < channels; ++c) out[c] = std::max(out[c], cells[i][c]);
  }
}

}  // namespace

template <class T>
void max_pool(const Kernels& kernels, const PoolArgs<T>& args) {
  const auto kernel = [&] {
    if constexpr (std::is_floating_point_v<T>)
      return kernels.isa().ops<T>().pool_max;
    else
      return largest<T>;
  }();
  each_window(kernels, args,
              [&](const T* const* cells, std::int64_t count, T* out) { kernel(cells, count, args.channels, out); });
}

template <class T>
void avg_pool(const Kernels& kernels, const PoolArgs<T>& args) {
  const auto kernel = kernels.isa().ops<T>().pool_sum;
  each_window(kernels, args, [&](const T* const* cells, std::int64_t count, T* out) {
    kernel(cells, count, args.channels, static_cast<T>(count), out);
  });
}

template void max_pool(const Kernels&, const PoolArgs<float>&);
template void max_pool(const Kernels&, const PoolArgs<double>&);
template void max_pool(const Kernels&, const PoolArgs<std::int32_t>&);
template void max_pool(const Kernels&, const PoolArgs<std::int64_t>&);
template void max_pool(const Kernels&, const PoolArgs<std::int16_t>&);
template void max_pool(const Kernels&, const PoolArgs<std::int8_t>&);
template void max_pool(const Kernels&, const PoolArgs<std::uint16_t>&);
template void max_pool(const Kernels&, const PoolArgs<std::uint8_t>&);
template void max_pool(const Kernels&, const PoolArgs<std::uint32_t>&);
template void max_pool(const Kernels&, const PoolArgs<std::uint64_t>&);
template void avg_pool(const Kernels&, const PoolArgs<float>&);
template void avg_pool(const Kernels&, const PoolArgs<double>&);

}  // namespace keraft::kernels
