#pragma once

#include "vec.h"

namespace keraft::kernels::KERAFT_ISA_NAMESPACE {
namespace {

// Rows of the register tile. With 32 registers 24 accumulators, 2 of B and broadcasts from memory;
// with 16 registers 12 accumulators (8 without FMA, which needs a temporary for the product).
#if defined(__AVX512F__)
constexpr int tile_rows = 12;
#elif defined(__aarch64__)
constexpr int tile_rows = 8;
#elif defined(__FMA__)
constexpr int tile_rows = 6;
#else
constexpr int tile_rows = 4;
#endif

KERAFT_INLINE void prefetch_share(const char*& next, const char* end, Index step) {
  if (next >= end) return;
  for (Index i = 0; i < step; i += 64) __builtin_prefetch(next + i, 0, 2);
  next += step;
}

template <class T, int MR, int NV>
void tile(const TileArgs<T>& args) {
  using V = Packet<T>;
  constexpr int VL = lanes<T>;
  const bool full = args.n >= NV * VL;

  V acc[MR][NV];
  if (args.accumulate) {
    for (int m = 0; m < MR; ++m) {
      const T* from = args.out + m * args.ld_out;
      KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
        const Index left = args.n - n * VL;
        acc[m][n] = left >= VL ? load<V>(from + n * VL) : load_part<V>(from + n * VL, left);
      }
    }
  } else {
    V bias[NV];
    KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
      const Index left = args.n - n * VL;
      bias[n] = args.bias == nullptr ? set1<V>(T(0))
                : left >= VL         ? load<V>(args.bias + n * VL)
                                     : load_part<V>(args.bias + n * VL, left);
    }
    KERAFT_UNROLL for (int m = 0; m < MR; ++m) { KERAFT_UNROLL for (int n = 0; n < NV; ++n) acc[m][n] = bias[n]; }
  }

  const char* prefetch = args.prefetch;
  const char* const prefetch_end = prefetch + args.prefetch_bytes;
  const Index steps = args.taps * (args.run / 4);
  Index prefetch_step = 0;
  if (args.prefetch_bytes > 0 && steps > 0) prefetch_step = 64 * ((args.prefetch_bytes / 64 + steps - 1) / steps);
  if (prefetch_step > 256) prefetch_step = 256;
  if (prefetch_step == 0) prefetch = prefetch_end;

  const T* const* rows = args.rows;
  const T* b = args.b;
  const Index run = args.run, b_step = args.b_step;
  for (Index tap = 0; tap < args.taps; ++tap, rows += MR) {
    const T* a[MR];
    KERAFT_UNROLL for (int m = 0; m < MR; ++m) a[m] = rows[m] + run;
    const auto step = [&](Index k) __attribute__((always_inline)) {
      V bv[NV];
      KERAFT_UNROLL for (int n = 0; n < NV; ++n) bv[n] = load<V>(b + n * VL);
      b += b_step;
      KERAFT_UNROLL for (int m = 0; m < MR; ++m) {
        const V x = set1<V>(a[m][k]);
        KERAFT_UNROLL for (int n = 0; n < NV; ++n) acc[m][n] = ei::pmadd(x, bv[n], acc[m][n]);
      }
    };
    Index k = -run;
    for (; k + 4 <= 0; k += 4) {
      prefetch_share(prefetch, prefetch_end, prefetch_step);
      step(k);
      step(k + 1);
      step(k + 2);
      step(k + 3);
    }
    for (; k < 0; ++k) step(k);
  }

  const V lo = set1<V>(args.lo), hi = set1<V>(args.hi);
  const auto finish = [&](V x, int m, int n, bool whole, Index left) __attribute__((always_inline)) {
    if (args.residual != nullptr) {
      const T* from = args.residual + m * args.ld_residual + n * VL;
      x = ei::padd(x, whole ? load<V>(from) : load_part<V>(from, left));
    }
    return clamp(x, lo, hi);
  };
  if (full && args.finish) {
    KERAFT_UNROLL for (int m = 0; m < MR; ++m) {
      KERAFT_UNROLL for (int n = 0; n < NV; ++n) store(args.out + m * args.ld_out + n * VL, finish(acc[m][n], m, n, true, VL));
    }
    return;
  }
  for (int m = 0; m < MR; ++m) {
    KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
      const Index left = args.n - n * VL;
      if (left <= 0) break;
      const V x = args.finish ? finish(acc[m][n], m, n, left >= VL, left) : acc[m][n];
      T* to = args.out + m * args.ld_out + n * VL;
      if (left >= VL)
        store(to, x);
      else
        store_part(to, x, left);
    }
  }
}

/// One row: four chains of sums hide the latency of the additions.
template <class T, int NV>
void tile_one(const TileArgs<T>& args) {
  using V = Packet<T>;
  constexpr int VL = lanes<T>, chains = 4;
  V acc[chains][NV];
  KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
    const Index left = args.n - n * VL;
    const T* from = args.accumulate ? args.out : args.bias;
    acc[0][n] = from == nullptr ? set1<V>(T(0)) : left >= VL ? load<V>(from + n * VL) : load_part<V>(from + n * VL, left);
    KERAFT_UNROLL for (int c = 1; c < chains; ++c) acc[c][n] = set1<V>(T(0));
  }
  const T* b = args.b;
  for (Index tap = 0; tap < args.taps; ++tap) {
    const T* a = args.rows[tap];
    Index k = 0;
    for (; k + chains <= args.run; k += chains) {
      KERAFT_UNROLL for (int c = 0; c < chains; ++c) {
        const V x = set1<V>(a[k + c]);
        KERAFT_UNROLL for (int n = 0; n < NV; ++n) acc[c][n] = ei::pmadd(x, load<V>(b + n * VL), acc[c][n]);
        b += args.b_step;
      }
    }
    for (; k < args.run; ++k) {
      const V x = set1<V>(a[k]);
      KERAFT_UNROLL for (int n = 0; n < NV; ++n) acc[0][n] = ei::pmadd(x, load<V>(b + n * VL), acc[0][n]);
      b += args.b_step;
    }
  }
  const V lo = set1<V>(args.lo), hi = set1<V>(args.hi);
  KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
    const Index left = args.n - n * VL;
    if (left <= 0) break;
    V x = ei::padd(ei::padd(acc[0][n], acc[1][n]), ei::padd(acc[2][n], acc[3][n]));
    if (args.finish) {
      if (args.residual != nullptr)
        x = ei::padd(x, left >= VL ? load<V>(args.residual + n * VL) : load_part<V>(args.residual + n * VL, left));
      x = clamp(x, lo, hi);
    }
    if (left >= VL)
      store(args.out + n * VL, x);
    else
      store_part(args.out + n * VL, x, left);
  }
}

template <class T, int MR>
constexpr void fill(TileSet<T>& set) {
  if constexpr (MR == 1) {
    set.wide[1] = tile_one<T, 2>;
    set.narrow[1] = tile_one<T, 1>;
  } else {
    set.wide[MR] = tile<T, MR, 2>;
    set.narrow[MR] = tile<T, MR, 1>;
    fill<T, MR - 1>(set);
  }
}

template <class T>
constexpr TileSet<T> make_tiles() {
  TileSet<T> set{lanes<T>, 2 * lanes<T>, tile_rows, {}, {}};
  fill<T, tile_rows>(set);
  return set;
}

}  // namespace
}  // namespace keraft::kernels::KERAFT_ISA_NAMESPACE
