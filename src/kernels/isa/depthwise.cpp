#include "parts.h"
#include "wide.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

template <class T>
struct Column {  // one vector of channels
  const DepthwiseRow<T>& row;
  Index c;

  template <class V>
  KERAFT_INLINE V bias() const {
    return start<V>(row.affine, c);
  }
  template <class V>
  KERAFT_INLINE void write(Index x, const V& value, const V& lo, const V& hi) const {
    const V y = row.affine.scale == nullptr ? value : Map<V>(row.affine, c)(value);
    store(row.out + x * row.channels + c, clamp(y, lo, hi));
  }
  KERAFT_INLINE const T* weight(Index i, Index j) const { return row.weights + (i * row.k_w + j) * row.channels + c; }

  template <class V>
  void edge(Index x, const V& lo, const V& hi) const {
    V acc = bias<V>();
    for (Index i = 0; i < row.k_h; ++i) {
      if (row.rows[i] == nullptr) continue;
      for (Index j = 0; j < row.k_w; ++j) {
        const Index ix = x * row.stride_w - row.pad_left + j * row.dilation_w;
        if (ix < 0 || ix >= row.in_w) continue;
        acc = ei::pmadd(load<V>(row.rows[i] + ix * row.channels + c), load<V>(weight(i, j)), acc);
      }
    }
    write(x, acc, lo, hi);
  }

  /// `width` outputs that touch no padding on the left and right.
  template <class V, int width>
  void inner(Index x, const V& lo, const V& hi) const {
    V acc[width];
    const V start = bias<V>();
    KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = start;
    const Index first = (x * row.stride_w - row.pad_left) * row.channels + c;
    const Index step = row.stride_w * row.channels;
    for (Index i = 0; i < row.k_h; ++i) {
      if (row.rows[i] == nullptr) continue;
      const T* from = row.rows[i] + first;
      for (Index j = 0; j < row.k_w; ++j, from += row.dilation_w * row.channels) {
        const V w = load<V>(weight(i, j));
        KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = ei::pmadd(load<V>(from + t * step), w, acc[t]);
      }
    }
    KERAFT_UNROLL for (int t = 0; t < width; ++t) write(x + t, acc[t], lo, hi);
  }
};

/// 3x3: the nine weights stay in registers and each input vector is loaded once.
template <class V, class T, int stride, int width>
KERAFT_INLINE void inner_3x3(const T* const from[3], Index channels, const V w[9], const Column<T>& column, Index to,
                             const V& lo, const V& hi) {
  V acc[width];
  const V first = column.template bias<V>();
  KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = first;
  KERAFT_UNROLL for (int i = 0; i < 3; ++i) {
    KERAFT_UNROLL for (int x = 0; x < (width - 1) * stride + 3; ++x) {
      const V v = load<V>(from[i] + x * channels);
      KERAFT_UNROLL for (int t = 0; t < width; ++t) {
        const int j = x - t * stride;
        if (j >= 0 && j < 3) acc[t] = ei::pmadd(v, w[i * 3 + j], acc[t]);
      }
    }
  }
  KERAFT_UNROLL for (int t = 0; t < width; ++t) column.write(to + t, acc[t], lo, hi);
}

/// Calls step(V{}, c) for every vector of channels. The last vector overlaps the one before it, and
/// writes the same values again.
template <class T, class Step>
KERAFT_INLINE void each_column(Index channels, Step step) {
  constexpr Index VL = lanes<T>;
  if (channels < VL) {
    for (Index c = 0; c < channels; ++c) step(T{}, c);
    return;
  }
  for (Index c = 0; c < channels; c += VL) step(Packet<T>{}, c + VL <= channels ? c : channels - VL);
}

// Pixels outside, channels inside: memory is then read in order, and the weights, which are read
// again for every few pixels, come from the cache.

template <class T, int width>
void inner_pixels(const DepthwiseRow<T>& row, Index x) {
  each_column<T>(
      row.channels, [&](auto v, Index c) __attribute__((always_inline)) {
        using V = decltype(v);
        Column<T>{row, c}.template inner<V, width>(x, set1<V>(row.lo), set1<V>(row.hi));
      });
}

template <class T>
void edge_pixel(const DepthwiseRow<T>& row, Index x) {
  each_column<T>(
      row.channels, [&](auto v, Index c) __attribute__((always_inline)) {
        using V = decltype(v);
        Column<T>{row, c}.template edge<V>(x, set1<V>(row.lo), set1<V>(row.hi));
      });
}

template <class T, int stride>
Index pixels_3x3(const DepthwiseRow<T>& row, Index x, Index end) {
  constexpr int width = stride == 1 ? 6 : 4;
  if (row.rows[0] == nullptr || row.rows[1] == nullptr || row.rows[2] == nullptr) return x;
  for (; x + width <= end; x += width)
    each_column<T>(
        row.channels, [&](auto v, Index c) __attribute__((always_inline)) {
          using V = decltype(v);
          const Column<T> column{row, c};
          V w[9];
          KERAFT_UNROLL for (int i = 0; i < 9; ++i) w[i] = load<V>(column.weight(i / 3, i % 3));
          const Index first = (x * stride - row.pad_left) * row.channels + c;
          const T* const from[3] = {row.rows[0] + first, row.rows[1] + first, row.rows[2] + first};
          inner_3x3<V, T, stride, width>(from, row.channels, w, column, x, set1<V>(row.lo), set1<V>(row.hi));
        });
  return x;
}

/// `width` outputs of one vector of channels, in double precision.
template <int width>
KERAFT_INLINE void wide_pixels(const DepthwiseRow<float>& row, Index x, Index c, Index left) {
  Wide acc[width];
  KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = set1<Wide>(0.0);
  const Index step = row.stride_w * row.channels;
  for (Index i = 0; i < row.k_h; ++i) {
    if (row.rows[i] == nullptr) continue;
    for (Index j = 0; j < row.k_w; ++j) {
      const Index ix = x * row.stride_w - row.pad_left + j * row.dilation_w;
      if (width == 1 && (ix < 0 || ix >= row.in_w)) continue;
      const Wide w = load_wide(row.weights + (i * row.k_w + j) * row.channels + c, left);
      const float* from = row.rows[i] + ix * row.channels + c;
      KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = ei::pmadd(load_wide(from + t * step, left), w, acc[t]);
    }
  }
  const WideMap map(row.affine, c, left, row.lo, row.hi);
  KERAFT_UNROLL for (int t = 0; t < width; ++t)
      store_narrow(row.out + (x + t) * row.channels + c, clamp(map(acc[t]), map.lo, map.hi), left);
}

/// 3x3 without padding: each input vector is converted once.
template <int stride, int width>
KERAFT_INLINE void wide_3x3(const DepthwiseRow<float>& row, Index x, Index c, Index left) {
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

template <int stride>
Index wide_3x3_row(const DepthwiseRow<float>& row, Index x, Index last) {
  constexpr int width = stride == 1 ? 8 : 4;
  if (row.rows[0] == nullptr || row.rows[1] == nullptr || row.rows[2] == nullptr) return x;
  for (; x + width <= last; x += width) {
    Index c = 0;
    for (; c + wide_lanes <= row.channels; c += wide_lanes) wide_3x3<stride, width>(row, x, c, wide_lanes);
    if (c < row.channels) wide_3x3<stride, width>(row, x, c, row.channels - c);
  }
  return x;
}

/// One output only where `width` is 1: it may touch the padding.
template <int width>
KERAFT_INLINE void wide_columns(const DepthwiseRow<float>& row, Index x) {
  Index c = 0;
  for (; c + wide_lanes <= row.channels; c += wide_lanes) wide_pixels<width>(row, x, c, wide_lanes);
  if (c < row.channels) wide_pixels<width>(row, x, c, row.channels - c);
}

void wide_row(const DepthwiseRow<float>& row, Index first, Index last) {
  Index x = 0;
  for (; x < first; ++x) wide_columns<1>(row, x);
  if (row.k_h == 3 && row.k_w == 3 && row.dilation_w == 1) {
    if (row.stride_w == 1) x = wide_3x3_row<1>(row, x, last);
    if (row.stride_w == 2) x = wide_3x3_row<2>(row, x, last);
  }
  for (; x + 8 <= last; x += 8) wide_columns<8>(row, x);
  for (; x + 4 <= last; x += 4) wide_columns<4>(row, x);
  for (; x < row.out_w; ++x) wide_columns<1>(row, x);
}

template <class T>
void depthwise_row(const DepthwiseRow<T>& row) {
  // Outputs in [first, last) read no padding on the left and right.
  Index first = (row.pad_left + row.stride_w - 1) / row.stride_w;
  const Index reach = row.in_w - 1 - (row.k_w - 1) * row.dilation_w + row.pad_left;
  Index last = reach < 0 ? 0 : reach / row.stride_w + 1;
  if (first > row.out_w) first = row.out_w;
  if (last > row.out_w) last = row.out_w;
  if constexpr (sizeof(T) == sizeof(float)) {
    if (row.k_h * row.k_w <= few_products) return wide_row(row, first, last);
  }
  Index x = 0;
  for (; x < first; ++x) edge_pixel(row, x);
  if (row.k_h == 3 && row.k_w == 3 && row.dilation_w == 1) {
    if (row.stride_w == 1) x = pixels_3x3<T, 1>(row, x, last);
    if (row.stride_w == 2) x = pixels_3x3<T, 2>(row, x, last);
  }
  for (; x + 8 <= last; x += 8) inner_pixels<T, 8>(row, x);
  for (; x + 4 <= last; x += 4) inner_pixels<T, 4>(row, x);
  for (; x < row.out_w; ++x) edge_pixel(row, x);
}

}  // namespace

void depthwise_row_f32(const DepthwiseRow<float>& row) { depthwise_row(row); }
void depthwise_row_f64(const DepthwiseRow<double>& row) { depthwise_row(row); }

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
