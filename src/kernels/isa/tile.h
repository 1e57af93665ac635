#pragma once

#include "wide.h"

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

// Sums of so many products are added up apart before they join the whole: the rounding error of a sum grows with the number of
// terms in one chain, so two short chains err less than one long one (Higham, Accuracy and Stability, §4.2). Costs 4 %.
constexpr Index chain = 64;

KERAFT_INLINE void prefetch_share(const char*& next, const char* end, Index step) {
  if (next >= end) return;
  for (Index i = 0; i < step; i += 64) __builtin_prefetch(next + i, 0, 2);
  next += step;
}

/// R rows of a tile that sums few products: `a` holds R rows of them, `b` the panel.
template <int R, int NW>
__attribute__((noinline)) void few_rows(const TileArgs<float>& args, Index row, const double* a, const double* b,
                                        Index products) {
  Wide acc[R][NW];
  KERAFT_UNROLL for (int r = 0; r < R; ++r) { KERAFT_UNROLL for (int n = 0; n < NW; ++n) acc[r][n] = set1<Wide>(0.0); }
  for (Index k = 0; k < products; ++k, b += NW * wide_lanes) {
    Wide bv[NW];
    KERAFT_UNROLL for (int n = 0; n < NW; ++n) bv[n] = ei::pload<Wide>(b + n * wide_lanes);
    KERAFT_UNROLL for (int r = 0; r < R; ++r) {
      const Wide x = set1<Wide>(a[r * few_products + k]);
      KERAFT_UNROLL for (int n = 0; n < NW; ++n) acc[r][n] = ei::pmadd(x, bv[n], acc[r][n]);
    }
  }
  KERAFT_UNROLL for (int n = 0; n < NW; ++n) {
    const Index at = n * wide_lanes, left = args.n - at;
    if (left <= 0) break;
    const WideMap map(args.affine, at, left, args.lo, args.hi);
    KERAFT_UNROLL for (int r = 0; r < R; ++r) {
      Wide y = map(acc[r][n]);
      if (args.residual != nullptr) y = ei::padd(y, load_wide(args.residual + (row + r) * args.ld_residual + at, left));
      store_narrow(args.out + (row + r) * args.ld_out + at, clamp(y, map.lo, map.hi), left);
    }
  }
}

template <int MR, int NV>
void few_tile(const TileArgs<float>& args) {
  constexpr int NW = NV * lanes<float> / wide_lanes;
#if defined(__AVX512F__) || defined(__aarch64__)
  constexpr int R = 6;
#else
  constexpr int R = 2;
#endif
  alignas(64) double a[MR * few_products], b[few_products * NW * wide_lanes];
  const Index products = args.taps * args.run;
  for (int r = 0; r < MR; ++r) {
    double* to = a + r * few_products;
    for (Index tap = 0; tap < args.taps; ++tap, to += args.run) {
      const float* from = args.rows[tap * MR + r];
      for (Index k = 0; k < args.run; ++k) to[k] = static_cast<double>(from[k]);
    }
  }
  for (Index k = 0; k < products; ++k) {
    KERAFT_UNROLL for (int n = 0; n < NW; ++n)
        ei::pstore(b + (k * NW + n) * wide_lanes, load_wide(args.b + k * args.b_step + n * wide_lanes));
  }
  int row = 0;
  for (; row + R <= MR; row += R) few_rows<R, NW>(args, row, a + row * few_products, b, products);
  for (; row + 2 <= MR; row += 2) few_rows<2, NW>(args, row, a + row * few_products, b, products);
  for (; row < MR; ++row) few_rows<1, NW>(args, row, a + row * few_products, b, products);
}

template <class T, int MR, int NV>
void tile(const TileArgs<T>& args) {
  using V = Packet<T>;
  constexpr int VL = lanes<T>;
  if constexpr (sizeof(T) == sizeof(float)) {
    if (args.taps * args.run <= few_products && args.finish && !args.accumulate) return few_tile<MR, NV>(args);
  }
  const bool full = args.n >= NV * VL;

  V acc[MR][NV], sum[MR][NV];
  bool summed = args.accumulate;
  if (args.accumulate) {
    for (int m = 0; m < MR; ++m) {
      const T* from = args.out + m * args.ld_out;
      KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
        const Index left = args.n - n * VL;
        sum[m][n] = left >= VL ? load<V>(from + n * VL) : load_part<V>(from + n * VL, left);
        acc[m][n] = set1<V>(T(0));
      }
    }
  } else {
    V bias[NV];
    KERAFT_UNROLL for (int n = 0; n < NV; ++n) bias[n] = start<V>(args.affine, n * VL, args.n - n * VL);
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
  Index terms = 0;
  const auto end_chain = [&]() __attribute__((always_inline)) {
    for (int m = 0; m < MR; ++m) {
      KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
        sum[m][n] = summed ? ei::padd(sum[m][n], acc[m][n]) : acc[m][n];
        acc[m][n] = set1<V>(T(0));
      }
    }
    summed = true;
    terms = 0;
  };
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
    while (k < 0) {
      const Index end = k + chain - terms < 0 ? k + chain - terms : 0;
      terms += end - k;
      for (; k + 4 <= end; k += 4) {
        prefetch_share(prefetch, prefetch_end, prefetch_step);
        step(k);
        step(k + 1);
        step(k + 2);
        step(k + 3);
      }
      for (; k < end; ++k) step(k);
      if (terms == chain) end_chain();
    }
  }
  if (summed) {
    for (int m = 0; m < MR; ++m) {
      KERAFT_UNROLL for (int n = 0; n < NV; ++n) acc[m][n] = ei::padd(sum[m][n], acc[m][n]);
    }
  }

  const V lo = set1<V>(args.lo), hi = set1<V>(args.hi);
  Map<V> maps[NV];
  const bool mapped = args.finish && args.affine.scale != nullptr;
  if (mapped) {
    KERAFT_UNROLL for (int n = 0; n < NV; ++n) maps[n] = Map<V>(args.affine, n * VL, args.n - n * VL);
  }
  const auto finish = [&](V x, int m, int n, bool whole, Index left) __attribute__((always_inline)) {
    if (mapped) x = maps[n](x);
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
  if constexpr (sizeof(T) == sizeof(float)) {
    if (args.taps * args.run <= few_products && args.finish && !args.accumulate) return few_tile<1, NV>(args);
  }
  V acc[chains][NV], sum[NV];
  KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
    const Index left = args.n - n * VL;
    sum[n] = !args.accumulate ? start<V>(args.affine, n * VL, left)
             : left >= VL     ? load<V>(args.out + n * VL)
                              : load_part<V>(args.out + n * VL, left);
    KERAFT_UNROLL for (int c = 0; c < chains; ++c) acc[c][n] = set1<V>(T(0));
  }
  const auto end_chains = [&]() __attribute__((always_inline)) {
    KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
      sum[n] = ei::padd(sum[n], ei::padd(ei::padd(acc[0][n], acc[1][n]), ei::padd(acc[2][n], acc[3][n])));
      KERAFT_UNROLL for (int c = 0; c < chains; ++c) acc[c][n] = set1<V>(T(0));
    }
  };
  Index terms = 0;
  const T* b = args.b;
  for (Index tap = 0; tap < args.taps; ++tap) {
    const T* a = args.rows[tap];
    Index k = 0;
    for (; k + chains <= args.run; k += chains) {
      if ((terms += chains) > chains * chain) {
        end_chains();
        terms = chains;
      }
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
  end_chains();
  const V lo = set1<V>(args.lo), hi = set1<V>(args.hi);
  KERAFT_UNROLL for (int n = 0; n < NV; ++n) {
    const Index left = args.n - n * VL;
    if (left <= 0) break;
    V x = sum[n];
    if (args.finish) {
      if (args.affine.scale != nullptr) x = Map<V>(args.affine, n * VL, left)(x);
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
