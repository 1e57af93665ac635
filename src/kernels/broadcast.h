#pragma once

#include <algorithm>

#include "binary.h"

namespace keraft::kernels {

/// How two operands are walked together: `line` output values at a time, each operand advancing by
/// 1 or 0, and around that the axes of `outer`.
struct BroadcastPlan {
  struct Axis {
    std::int64_t length, a, b;
  };
  std::vector<Axis> outer;
  std::int64_t lines = 1, line = 1;
  bool move_a = true, move_b = true;

  BroadcastPlan(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

  struct Offsets {
    std::int64_t a = 0, b = 0;
  };
  Offsets offsets(std::int64_t index) const {
    Offsets at;
    for (auto axis = outer.rbegin(); axis != outer.rend(); ++axis) {
      const std::int64_t i = index % axis->length;
      index /= axis->length;
      at.a += i * axis->a;
      at.b += i * axis->b;
    }
    return at;
  }
};

/// out[i] = fn(a[..], b[..]) for every output value.
template <class T, class Out, class Fn>
void broadcast(const Kernels& kernels, const Operand<T>& a, const Operand<T>& b, Out* out, Fn fn) {
  const BroadcastPlan plan(a.shape, b.shape);
  if (plan.lines * plan.line == 0) return;
  constexpr std::int64_t piece = 16384;
  const std::int64_t pieces = (plan.line + piece - 1) / piece;
  const std::int64_t grain = std::max<std::int64_t>(1, piece / plan.line);
  kernels.threads().parallel_for(plan.lines * pieces, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t line = i / pieces, first = i % pieces * piece;
      const std::int64_t n = std::min(piece, plan.line - first);
      const auto at = plan.offsets(line);
      const T* x = a.data + at.a + (plan.move_a ? first : 0);
      const T* y = b.data + at.b + (plan.move_b ? first : 0);
      Out* to = out + line * plan.line + first;
      if (plan.move_a && plan.move_b) {
        for (std::int64_t k = 0; k < n; ++k) to[k] = fn(x[k], y[k]);
      } else if (plan.move_a) {
        const T value = *y;
        for (std::int64_t k = 0; k < n; ++k) to[k] = fn(x[k], value);
      } else if (plan.move_b) {
        const T value = *x;
        for (std::int64_t k = 0; k < n; ++k) to[k] = fn(value, y[k]);
      } else {
        std::fill_n(to, n, fn(*x, *y));
      }
    }
  });
}

}  // namespace keraft::kernels
