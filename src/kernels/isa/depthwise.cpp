#include "parts.h"
#include "wide.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

// Pixels outside, channels inside: memory is then read in order, and the weights, which are read
// again for every few pixels, come from the cache. Sums are made in double precision: see wide.h.

/// `width` outputs of one vector of channels.
template <int width, class T>
KERAFT_INLINE void pixels(const DepthwiseRow<T>& row, Index x, Index c, Index left) {
  Wide acc[width];
  KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = set1<Wide>(0.0);
  const Index step = row.stride_w * row.channels;
  for (Index i = 0; i < row.k_h; ++i) {
    if (row.rows[i] == nullptr) continue;
    for (Index j = 0; j < row.k_w; ++j) {
      const Index ix = x * row.stride_w - row.pad_left + j * row.dilation_w;
      if (width == 1 && (ix < 0 || ix >= row.in_w)) continue;
      const Wide w = load_wide(row.weights + (i * row.k_w + j) * row.channels + c, left);
      const T* from = row.rows[i] + ix * row.channels + c;
      KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = ei::pmadd(load_wide(from + t * step, left), w, acc[t]);
    }
  }
  const WideMap map(row.affine, c, left, row.lo, row.hi);
  KERAFT_UNROLL for (int t = 0; t < width; ++t)
      store_narrow(row.out + (x + t) * row.channels + c, clamp(map(acc[t]), map.lo, map.hi), left);
}

/// 3x3 without padding: each input vector is converted once.
template <int stride, int width, class T>
KERAFT_INLINE void pixels_3x3(const DepthwiseRow<T>& row, Index x, Index c, Index left) {
  Wide acc[width], w[3];
  KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = set1<Wide>(0.0);
  const Index first = (x * stride - row.pad_left) * row.channels + c;
  KERAFT_UNROLL for (int i = 0; i < 3; ++i) {
    KERAFT_UNROLL for (int j = 0; j < 3; ++j) w[j] = load_wide(row.weights + (i * 3 + j) * row.channels + c, left);
    KERAFT_UNROLL for (int at = 0; at < (width - 1) * stride + 3; ++at) {
      const Wide v = load_wide(row.rows[i] + first + at * row.channels, left);
      KERAFT_UNROLL for (int t = 0; t < width; ++t) {
        const int j = at - t * stride;
        if (j >= 0 && j < 3) acc[t] = ei::pmadd(v, w[j], acc[t]);
      }
    }
  }
  const WideMap map(row.affine, c, left, row.lo, row.hi);
  KERAFT_UNROLL for (int t = 0; t < width; ++t)
      store_narrow(row.out + (x + t) * row.channels + c, clamp(map(acc[t]), map.lo, map.hi), left);
}

template <int stride, class T>
Index row_3x3(const DepthwiseRow<T>& row, Index x, Index last) {
  constexpr int width = stride == 1 ? 8 : 4;
  if (row.rows[0] == nullptr || row.rows[1] == nullptr || row.rows[2] == nullptr) return x;
  for (; x + width <= last; x += width) {
    Index c = 0;
    for (; c + wide_lanes <= row.channels; c += wide_lanes) pixels_3x3<stride, width>(row, x, c, wide_lanes);
    if (c < row.channels) pixels_3x3<stride, width>(row, x, c, row.channels - c);
  }
  return x;
}

/// One output only where `width` is 1: it may touch the padding.
template <int width, class T>
KERAFT_INLINE void columns(const DepthwiseRow<T>& row, Index x) {
  Index c = 0;
  for (; c + wide_lanes <= row.channels; c += wide_lanes) pixels<width>(row, x, c, wide_lanes);
  if (c < row.channels) pixels<width>(row, x, c, row.channels - c);
}

template <class T>
void depthwise_row(const DepthwiseRow<T>& row) {
  // Outputs in [first, last) read no padding on the left and right.
  Index first = (row.pad_left + row.stride_w - 1) / row.stride_w;
  const Index reach = row.in_w - 1 - (row.k_w - 1) * row.dilation_w + row.pad_left;
  Index last = reach < 0 ? 0 : reach / row.stride_w + 1;
  if (first > row.out_w) first = row.out_w;
  if (last > row.out_w) last = row.out_w;
  Index x = 0;
  for (; x < first; ++x) columns<1>(row, x);
  if (row.k_h == 3 && row.k_w == 3 && row.dilation_w == 1) {
    if (row.stride_w == 1) x = row_3x3<1>(row, x, last);
    if (row.stride_w == 2) x = row_3x3<2>(row, x, last);
  }
  for (; x + 8 <= last; x += 8) columns<8>(row, x);
  for (; x + 4 <= last; x += 4) columns<4>(row, x);
  for (; x < row.out_w; ++x) columns<1>(row, x);
}

}  // namespace

void depthwise_row_f32(const DepthwiseRow<float>& row) { depthwise_row(row); }
void depthwise_row_f64(const DepthwiseRow<double>& row) { depthwise_row(row); }

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
