#include "math.h"
#include "parts.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

template <class T, class Step>
KERAFT_INLINE void each_channel(Index channels, Step step) {
  constexpr Index VL = lanes<T>;
  Index c = 0;
  for (; c + VL <= channels; c += VL) step(Packet<T>{}, c);
  for (; c < channels; ++c) step(T{}, c);
}

template <class T>
void affine_rows(const T* in, T* out, Index rows, Index channels, const Affine<T>& affine) {
  for (Index r = 0; r < rows; ++r, in += channels, out += channels)
    each_channel<T>(
        channels, [&](auto v, Index c) __attribute__((always_inline)) {
          using V = decltype(v);
          store(out + c, Map<V>(affine, c)(load<V>(in + c)));
        });
}

template <class T>
void affine_plane(const T* in, T* out, Index n, const Affine<T>& affine) {
  each_channel<T>(
      n, [&](auto v, Index i) __attribute__((always_inline)) {
        using V = decltype(v);
        const Map<V> map{set1<V>(*affine.scale), set1<V>(*affine.bias), set1<V>(*affine.scale_low), set1<V>(*affine.bias_low)};
        store(out + i, map(load<V>(in + i)));
      });
}

template <class T>
void max_cells(const T* const* cells, Index count, Index channels, T* out) {
  each_channel<T>(
      channels, [&](auto v, Index c) __attribute__((always_inline)) {
        using V = decltype(v);
        V best = load<V>(cells[0] + c);
        for (Index i = 1; i < count; ++i) best = ei::pmax<Eigen::PropagateNaN>(best, load<V>(cells[i] + c));
        store(out + c, best);
      });
}

template <class T>
void sum_cells(const T* const* cells, Index count, Index channels, T divisor, T* out) {
  each_channel<T>(
      channels, [&](auto v, Index c) __attribute__((always_inline)) {
        using V = decltype(v);
        V sum = load<V>(cells[0] + c);
        for (Index i = 1; i < count; ++i) sum = ei::padd(sum, load<V>(cells[i] + c));
        store(out + c, ei::pdiv(sum, set1<V>(divisor)));
      });
}

template <class T>
T row_max(const T* in, Index n) {
  using V = Packet<T>;
  constexpr Index VL = lanes<T>;
  T best = in[0];
  Index i = 0;
  if (n >= VL) {
    V v = load<V>(in);
    for (i = VL; i + VL <= n; i += VL) v = ei::pmax(v, load<V>(in + i));
    best = ei::predux_max(v);
  }
  for (; i < n; ++i)
    if (in[i] > best) best = in[i];
  return best;
}

template <class T>
void softmax(const T* in, T* out, Index rows, Index n, bool log) {
  using V = Packet<T>;
  constexpr Index VL = lanes<T>;
  for (Index r = 0; r < rows; ++r, in += n, out += n) {
    const T top = row_max(in, n);
    V total = set1<V>(T(0));
    Index i = 0;
    T rest = 0;
    for (; i + VL <= n; i += VL) {
      const V shifted = ei::psub(load<V>(in + i), set1<V>(top));
      const V e = exp_of(shifted);
      total = ei::padd(total, e);
      store(out + i, log ? shifted : e);
    }
    if (i < n) {
      // A row's tail goes through the same code as its body, so that a value does not depend
      // on its position.
      const V shifted = ei::psub(load_part<V>(in + i, n - i), set1<V>(top));
      const V e = exp_of(shifted);
      store_part(out + i, log ? shifted : e, n - i);
      alignas(64) T copy[VL];
      ei::pstore(copy, e);
      for (Index k = 0; k < n - i; ++k) rest += copy[k];
    }
    const T sum = ei::predux(total) + rest;
    if (log) {
      const T down = log_of_scalar(sum);
      for (i = 0; i < n; ++i) out[i] -= down;
    } else {
      for (i = 0; i < n; ++i) out[i] /= sum;
    }
  }
}

}  // namespace

#define KERAFT_ROWS(T)                                                                                                  \
  void affine_inner(const T* in, T* out, Index rows, Index channels, const Affine<T>& affine) {                         \
    affine_rows(in, out, rows, channels, affine);                                                                       \
  }                                                                                                                     \
  void affine_outer(const T* in, T* out, Index n, const Affine<T>& affine) { affine_plane(in, out, n, affine); }        \
  void pool_max(const T* const* cells, Index count, Index channels, T* out) { max_cells(cells, count, channels, out); } \
  void pool_sum(const T* const* cells, Index count, Index channels, T divisor, T* out) {                                \
    sum_cells(cells, count, channels, divisor, out);                                                                    \
  }                                                                                                                     \
  void softmax_rows(const T* in, T* out, Index rows, Index columns, bool log) { softmax(in, out, rows, columns, log); }
KERAFT_ROWS(float)
KERAFT_ROWS(double)
#undef KERAFT_ROWS

}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
