#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "context.h"

namespace keraft::kernels {

/// Non-negative product of two counts as a size.
inline std::size_t area(std::int64_t a, std::int64_t b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

/// How the columns of a K x N matrix are cut into the panels that a micro kernel reads. Inside a
/// panel a row of `width` values follows the other.
struct PanelPlan {
  std::int64_t k = 0, n = 0;
  int nr = 0, vl = 0;

  std::int64_t count() const { return nr == 0 ? 0 : (n + nr - 1) / nr; }
  std::int64_t columns(std::int64_t panel) const { return std::min<std::int64_t>(nr, n - panel * nr); }
  int width(std::int64_t panel) const { return columns(panel) <= vl ? vl : nr; }
  std::size_t offset(std::int64_t panel) const { return area(panel, nr) * static_cast<std::size_t>(k); }
  /// Values of all panels, with room for the last one to be full.
  std::size_t size() const { return area(count(), nr) * static_cast<std::size_t>(k); }
};

/// Copies columns of a row-major matrix (element (k, n) at b[k * ld + n], or b[n * ld + k] when
/// transposed) into one panel, filled up with zeros.
template <class T>
void pack_panel(const PanelPlan& plan, std::int64_t panel, const T* b, std::int64_t ld, bool transposed, T* to) {
  const std::int64_t columns = plan.columns(panel), width = plan.width(panel), first = panel * plan.nr;
  if (!transposed) {
    for (std::int64_t k = 0; k < plan.k; ++k, to += width) {
      const T* from = b + k * ld + first;
      std::int64_t n = 0;
      for (; n < columns; ++n) to[n] = from[n];
      for (; n < width; ++n) to[n] = T(0);
    }
    return;
  }
  constexpr std::int64_t block = 16;  // rows of B that stay in the cache while columns are read
  for (std::int64_t k0 = 0; k0 < plan.k; k0 += block) {
    const std::int64_t k1 = std::min(k0 + block, plan.k);
    for (std::int64_t n = 0; n < width; ++n) {
      const T* from = b + (first + n) * ld;
      for (std::int64_t k = k0; k < k1; ++k) to[k * width + n] = n < columns ? from[k] : T(0);
    }
  }
}

/// Rows cut into tiles of nearly equal height, so that no small tile is left at the end.
struct TilePlan {
  std::int64_t rows, tiles, base, extra;

  TilePlan(std::int64_t rows_, int most)
      : rows(rows_),
        tiles((rows_ + most - 1) / most),
        base(tiles == 0 ? 0 : rows_ / tiles),
        extra(tiles == 0 ? 0 : rows_ % tiles) {}
  std::int64_t first(std::int64_t tile) const { return tile * base + std::min(tile, extra); }
  int height(std::int64_t tile) const { return static_cast<int>(base + (tile < extra ? 1 : 0)); }
};

/// What happens to a sum before it is stored.
template <class T>
struct Epilogue : Affine<T> {
  const T* residual = nullptr;  // per element, same shape as the output
  std::int64_t ld_residual = 0;
  T lo = -std::numeric_limits<T>::infinity();
  T hi = std::numeric_limits<T>::infinity();
};

}  // namespace keraft::kernels
