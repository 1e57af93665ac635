#include <array>
#include <stdexcept>
#include <vector>

#include "conv.h"

namespace keraft::kernels {

namespace {

/// Repeats each channel `multiplier` times: what is left is a convolution with multiplier 1.
template <class T>
void repeat_channels(const Kernels& kernels, const T* from, T* to, std::int64_t values, std::int64_t multiplier) {
  kernels.threads().parallel_for(values, 16384, [&](std::int64_t begin, std::int64_t end) {
    T* out = to + begin * multiplier;
    for (std::int64_t i = begin; i < end; ++i)
      for (std::int64_t m = 0; m < multiplier; ++m) *out++ = from[i];
  });
}

}  // namespace

template <class T>
void depthwise_conv2d(const Kernels& kernels, const ConvArgs<T>& args) {
  if (args.batch <= 0 || args.out_h <= 0 || args.out_w <= 0 || args.out_c <= 0) return;
  if (args.in_c <= 0 || args.out_c % args.in_c != 0)
    throw std::invalid_argument("depthwise_conv2d: out_c is not a multiple of in_c");
  const std::int64_t multiplier = args.out_c / args.in_c;
  const std::int64_t values = args.batch * args.in_h * args.in_w * args.in_c;
  auto lease = kernels.scratch().take(multiplier == 1 ? 0 : area(values, multiplier) * sizeof(T));
  const T* input = args.input;
  if (multiplier != 1) {
    repeat_channels(kernels, args.input, lease.template as<T>(), values, multiplier);
    input = lease.template as<T>();
  }
  const auto row_kernel = kernels.isa().ops<T>().depthwise_row;
  const std::int64_t line = args.in_w * args.out_c;
  const std::int64_t work = args.out_w * args.out_c * args.k_h * args.k_w;
  const std::int64_t grain = std::max<std::int64_t>(1, 65536 / std::max<std::int64_t>(1, work));
  kernels.threads().parallel_for(args.batch * args.out_h, grain, [&](std::int64_t begin, std::int64_t end) {
    constexpr std::size_t usual = 16;
    std::array<const T*, usual> few{};
    std::vector<const T*> many;
    const T** rows = few.data();
    if (static_cast<std::size_t>(args.k_h) > usual) {
      many.resize(static_cast<std::size_t>(args.k_h));
      rows = many.data();
    }
    DepthwiseRow<T> row{rows,          args.in_w,        args.out_c,       args.k_h,   args.k_w,
                        args.stride_w, args.dilation_w,  args.pad_left,    args.out_w, args.weights,
                        args.epilogue, args.epilogue.lo, args.epilogue.hi, nullptr};
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t image = r / args.out_h, y = r % args.out_h;
      for (std::int64_t i = 0; i < args.k_h; ++i) {
        const std::int64_t iy = y * args.stride_h - args.pad_top + i * args.dilation_h;
        rows[i] = iy < 0 || iy >= args.in_h ? nullptr : input + (image * args.in_h + iy) * line;
      }
      row.out = args.out + r * args.out_w * args.out_c;
      row_kernel(row);
    }
  });
}

template void depthwise_conv2d(const Kernels&, const ConvArgs<float>&);
template void depthwise_conv2d(const Kernels&, const ConvArgs<double>&);

}  // namespace keraft::kernels
