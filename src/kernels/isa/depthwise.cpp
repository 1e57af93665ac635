#include "parts.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

template <class T>
struct Column {  // one vector of channels
  const DepthwiseRow<T>& row;
  Index c;

  template <class V>
  KERAFT_INLINE V bias() const {
    return row.bias == nullptr ? set1<V>(T(0)) : load<V>(row.bias + c);
  }
  template <class V>
  KERAFT_INLINE void write(Index x, const V& value, const V& lo, const V& hi) const {
    store(row.out + x * row.channels + c, clamp(value, lo, hi));
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
KERAFT_INLINE void inner_3x3(const T* const from[3], Index channels, const V w[9], const V& start, T* out, const V& lo,
                             const V& hi) {
  V acc[width];
  KERAFT_UNROLL for (int t = 0; t < width; ++t) acc[t] = start;
  KERAFT_UNROLL for (int i = 0; i < 3; ++i) {
    KERAFT_UNROLL for (int x = 0; x < (width - 1) * stride + 3; ++x) {
      const V v = load<V>(from[i] + x * channels);
      KERAFT_UNROLL for (int t = 0; t < width; ++t) {
        const int j = x - t * stride;
        if (j >= 0 && j < 3) acc[t] = ei::pmadd(v, w[i * 3 + j], acc[t]);
      }
    }
  }
  KERAFT_UNROLL for (int t = 0; t < width; ++t) store(out + t * channels, clamp(acc[t], lo, hi));
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
          inner_3x3<V, T, stride, width>(from, row.channels, w, column.template bias<V>(), row.out + x * row.channels + c,
                                         set1<V>(row.lo), set1<V>(row.hi));
        });
  return x;
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
