#include "volume.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include "conv.h"
#include "gemm.h"

namespace keraft::kernels {

namespace {

template <class T>
ConvArgs<T> slice(const VolumeArgs<T>& v) {
  ConvArgs<T> a;
  a.in_h = v.in[1];
  a.in_w = v.in[2];
  a.in_c = v.in_c;
  a.k_h = v.kernel[1];
  a.k_w = v.kernel[2];
  a.out_h = v.out[1];
  a.out_w = v.out[2];
  a.out_c = v.out_c;
  a.stride_h = v.stride[1];
  a.stride_w = v.stride[2];
  a.dilation_h = v.dilation[1];
  a.dilation_w = v.dilation[2];
  a.pad_top = v.before[1];
  a.pad_left = v.before[2];
  a.groups = v.groups;
  return a;
}

/// Integers wrap around.
template <class T>
void add(T& sum, T value) {
  if constexpr (std::is_integral_v<T>)
    sum = static_cast<T>(static_cast<std::make_unsigned_t<T>>(sum) + static_cast<std::make_unsigned_t<T>>(value));
  else
    sum += value;
}

/// The product with the transposed B, of integers that wrap around.
template <class T>
void multiply(const GemmArgs<T>& g) {
  for (std::int64_t i = 0; i < g.m; ++i) {
    for (std::int64_t j = 0; j < g.n; ++j) {
      std::uint64_t sum = 0;
      for (std::int64_t p = 0; p < g.k; ++p)
        sum += static_cast<std::uint64_t>(g.a[i * g.lda + p]) * static_cast<std::uint64_t>(g.b[j * g.ldb + p]);
      g.c[i * g.ldc + j] = static_cast<T>(sum);
    }
  }
}

/// Adds rows of `columns` ([cell][tap][channel], cells from `first` on) to where they belong.
template <class T>
void spread(const VolumeArgs<T>& v, const T* columns, std::int64_t first, std::int64_t last, T* image) {
  for (std::int64_t cell = first; cell < last; ++cell) {
    const std::array<std::int64_t, 3> at{cell / (v.in[1] * v.in[2]), cell / v.in[2] % v.in[1], cell % v.in[2]};
    for (std::int64_t i = 0; i < v.kernel[0]; ++i) {
      const std::int64_t z = at[0] * v.stride[0] + i * v.dilation[0] - v.before[0];
      for (std::int64_t j = 0; j < v.kernel[1]; ++j) {
        const std::int64_t y = at[1] * v.stride[1] + j * v.dilation[1] - v.before[1];
        for (std::int64_t k = 0; k < v.kernel[2]; ++k, columns += v.out_c) {
          const std::int64_t x = at[2] * v.stride[2] + k * v.dilation[2] - v.before[2];
          if (z < 0 || z >= v.out[0] || y < 0 || y >= v.out[1] || x < 0 || x >= v.out[2]) continue;
          T* to = image + ((z * v.out[1] + y) * v.out[2] + x) * v.out_c;
          for (std::int64_t c = 0; c < v.out_c; ++c) add(to[c], columns[c]);
        }
      }
    }
  }
}

}  // namespace

template <class T>
void conv3d(const Kernels& kernels, const VolumeArgs<T>& v) {
  // One 2-D convolution for each slice of the kernel, summed in the result.
  const std::int64_t in_slice = v.in[1] * v.in[2] * v.in_c, out_slice = v.out[1] * v.out[2] * v.out_c;
  std::fill_n(v.result, v.batch * v.out[0] * out_slice, T(0));
  if (v.in_c <= 0 || v.out_c <= 0) return;
  ConvArgs<T> a = slice(v);
  const std::int64_t taps = v.kernel[1] * v.kernel[2] * (v.in_c / v.groups) * v.out_c;
  std::vector<T> outside;
  for (std::int64_t i = 0; i < v.kernel[0]; ++i) {
    a.weights = v.weights + i * taps;
    const PackedConv<T> packed = pack_conv(kernels, a);
    const bool finite = std::all_of(a.weights, a.weights + taps, [](T weight) { return std::isfinite(weight); });
    if (!finite) outside.resize(static_cast<std::size_t>(in_slice));
    for (std::int64_t r = 0; r < v.batch * v.out[0]; ++r) {
      const std::int64_t z = r % v.out[0] * v.stride[0] + i * v.dilation[0] - v.before[0];
      if (z >= 0 && z < v.in[0])
        a.input = v.input + (r / v.out[0] * v.in[0] + z) * in_slice;
      else if (finite)
        continue;
      else
        a.input = outside.data();
      a.out = v.result + r * out_slice;
      a.epilogue.residual = a.out;
      conv2d(kernels, a, packed);
    }
  }
}

template <class T>
void transposed_conv(const Kernels& kernels, const VolumeArgs<T>& v) {
  const std::int64_t out_cells = v.out[0] * v.out[1] * v.out[2], in_cells = v.in[0] * v.in[1] * v.in[2];
  std::fill_n(v.result, v.batch * out_cells * v.out_c, T(0));
  if (v.in_c <= 0 || v.out_c <= 0 || in_cells <= 0) return;
  constexpr std::int64_t most = std::int64_t{1} << 20;  // values of the columns at a time
  GemmArgs<T> g;
  g.k = g.lda = g.ldb = v.in_c;
  g.n = g.ldc = v.kernel[0] * v.kernel[1] * v.kernel[2] * v.out_c;
  const std::int64_t cells = std::clamp<std::int64_t>(most / std::max<std::int64_t>(1, g.n), 1, in_cells);
  auto lease = kernels.scratch().take(area(cells, g.n) * sizeof(T));
  g.c = lease.template as<T>();
  const auto columns = [&] {
    if constexpr (std::is_floating_point_v<T>)
      return [&kernels, packed = pack_b(kernels, g.k, g.n, v.weights, g.ldb, true)](const auto& args) {
        gemm(kernels, args, packed);
      };
    else
      return multiply<T>;
  }();
  g.b = v.weights;
  for (std::int64_t n = 0; n < v.batch; ++n) {
    for (std::int64_t first = 0; first < in_cells; first += cells) {
      const std::int64_t last = std::min(first + cells, in_cells);
      g.m = last - first;
      g.a = v.input + (n * in_cells + first) * v.in_c;
      columns(g);
      spread(v, g.c, first, last, v.result + n * out_cells * v.out_c);
    }
  }
}

template void conv3d(const Kernels&, const VolumeArgs<float>&);
template void conv3d(const Kernels&, const VolumeArgs<double>&);
template void transposed_conv(const Kernels&, const VolumeArgs<float>&);
template void transposed_conv(const Kernels&, const VolumeArgs<double>&);
template void transposed_conv(const Kernels&, const VolumeArgs<std::int32_t>&);

}  // namespace keraft::kernels
