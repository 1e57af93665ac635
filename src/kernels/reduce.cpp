#include "reduce.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace keraft::kernels {

namespace {

// Integers are added and multiplied unsigned, where wrapping round is defined.
template <class T>
using Sum = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;

template <class T>
struct Add {
  using State = Sum<T>;
  static constexpr State start() { return State(0); }
  static State step(State s, T x) { return static_cast<State>(s + static_cast<State>(x)); }
  static State join(State a, State b) { return static_cast<State>(a + b); }
};
template <class T>
struct Multiply {
  using State = Sum<T>;
  static constexpr State start() { return State(1); }
  static State step(State s, T x) { return static_cast<State>(s * static_cast<State>(x)); }
  static State join(State a, State b) { return static_cast<State>(a * b); }
};
template <class T>
struct Squares : Add<T> {
  using State = Sum<T>;
  static State step(State s, T x) { return static_cast<State>(s + static_cast<State>(x) * static_cast<State>(x)); }
};
template <class T>
struct Largest {
  using State = T;
  static constexpr State start() {
    if constexpr (std::is_floating_point_v<T>) return -std::numeric_limits<T>::infinity();
    return std::numeric_limits<T>::lowest();
  }
  static State step(State s, T x) { return x > s || x != x ? x : s; }
  static State join(State a, State b) { return step(a, b); }
};
template <class T>
struct Smallest {
  using State = T;
  static constexpr State start() {
    if constexpr (std::is_floating_point_v<T>) return std::numeric_limits<T>::infinity();
    return std::numeric_limits<T>::max();
  }
  static State step(State s, T x) { return x < s || x != x ? x : s; }
  static State join(State a, State b) { return step(a, b); }
};

/// Axes of one kind, neighbours merged, without those of length 1.
struct Axis {
  std::int64_t length, stride;
};
struct Plan {
  std::vector<Axis> kept, reduced;
  std::int64_t outputs = 1, inputs = 1;  // inputs of one output
};

Plan plan(std::span<const std::int64_t> shape, std::span<const int> axes) {
  const int rank = static_cast<int>(shape.size());
  std::vector<bool> is_reduced(shape.size());
  for (const int axis : axes) {
    if (axis < 0 || axis >= rank || is_reduced[static_cast<std::size_t>(axis)])
      throw std::invalid_argument("reduce: bad or repeated axis");
    is_reduced[static_cast<std::size_t>(axis)] = true;
  }
  Plan p;
  std::int64_t stride = 1;
  int last_kind = -1;
  for (int i = rank - 1; i >= 0; --i) {
    const auto axis = static_cast<std::size_t>(i);
    const std::int64_t length = shape[axis];
    auto& list = is_reduced[axis] ? p.reduced : p.kept;
    (is_reduced[axis] ? p.inputs : p.outputs) *= length;
    if (length != 1) {
      if (last_kind == static_cast<int>(is_reduced[axis]))
        list.front().length *= length;
      else
        list.insert(list.begin(), {length, stride});
      last_kind = static_cast<int>(is_reduced[axis]);
    }
    stride *= length;
  }
  return p;
}

std::int64_t offset(const std::vector<Axis>& axes, std::int64_t index) {
  std::int64_t at = 0;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
    at += index % axis->length * axis->stride;
    index /= axis->length;
  }
  return at;
}

template <class Op, class T>
typename Op::State run_of(const T* x, std::int64_t n) {
  constexpr std::size_t chains = 8;
  std::array<typename Op::State, chains> part;
  part.fill(Op::start());
  std::int64_t i = 0;
  for (; i + static_cast<std::int64_t>(chains) <= n; i += static_cast<std::int64_t>(chains))
    for (std::size_t c = 0; c < chains; ++c) part[c] = Op::step(part[c], x[i + static_cast<std::int64_t>(c)]);
  auto state = part[0];
  for (std::size_t c = 1; c < chains; ++c) state = Op::join(state, part[c]);
  for (; i < n; ++i) state = Op::step(state, x[i]);
  return state;
}

/// The last axis is reduced: each output is a sequence of contiguous runs.
template <class Op, class T, class Finish>
void reduce_trailing(const Kernels& kernels, const Plan& p, const T* x, T* y, Finish finish) {
  const std::int64_t run = p.reduced.empty() ? 1 : p.reduced.back().length;
  const std::vector<Axis> outer(p.reduced.begin(), p.reduced.empty() ? p.reduced.end() : p.reduced.end() - 1);
  const std::int64_t runs = p.inputs / run;
  const std::int64_t grain = std::max<std::int64_t>(1, 32768 / p.inputs);
  kernels.threads().parallel_for(p.outputs, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      const T* from = x + offset(p.kept, o);
      auto state = Op::start();
      for (std::int64_t r = 0; r < runs; ++r) state = Op::join(state, run_of<Op>(from + offset(outer, r), run));
      y[o] = finish(state);
    }
  });
}

/// The last axis is kept: whole rows of outputs are added up at a time.
template <class Op, class T, class Finish>
void reduce_leading(const Kernels& kernels, const Plan& p, const T* x, T* y, Finish finish) {
  const std::int64_t line = p.kept.back().length;
  const std::vector<Axis> outer(p.kept.begin(), p.kept.end() - 1);
  constexpr std::int64_t width = 512;  // states that stay in L1
  const std::int64_t pieces = (line + width - 1) / width;
  const std::int64_t lines = p.outputs / line;
  const std::int64_t grain = std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(1, p.inputs * std::min(line, width)));
  kernels.threads().parallel_for(lines * pieces, grain, [&](std::int64_t begin, std::int64_t end) {
    std::array<typename Op::State, static_cast<std::size_t>(width)> states;
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t first = i % pieces * width, index = i / pieces;
      const auto n = static_cast<std::size_t>(std::min(width, line - first));
      const T* from = x + offset(outer, index) + first;
      std::fill_n(states.begin(), n, Op::start());
      for (std::int64_t r = 0; r < p.inputs; ++r) {
        const T* values = from + offset(p.reduced, r);
        for (std::size_t c = 0; c < n; ++c) states[c] = Op::step(states[c], values[c]);
      }
      T* to = y + index * line + first;
      for (std::size_t c = 0; c < n; ++c) to[c] = finish(states[c]);
    }
  });
}

template <class Op, class T, class Finish>
void run(const Kernels& kernels, const Plan& p, const T* x, T* y, Finish finish) {
  if (p.outputs == 0) return;
  if (p.inputs == 0)
    std::fill_n(y, p.outputs, finish(Op::start()));
  else if (!p.kept.empty() && p.kept.back().stride == 1 && p.kept.back().length > 1)
    reduce_leading<Op>(kernels, p, x, y, finish);
  else
    reduce_trailing<Op>(kernels, p, x, y, finish);
}

template <class T>
T root_of(Sum<T> sum) {
  if constexpr (std::is_integral_v<T>) {
    const auto wrapped = static_cast<double>(static_cast<T>(sum));
    if (wrapped < 0) return sizeof(T) < 4 ? T(0) : std::numeric_limits<T>::min();  // NaN as an integer
    return static_cast<T>(std::sqrt(wrapped));
  }
  return static_cast<T>(std::sqrt(sum));
}

template <class T>
T mean_of(Sum<T> sum, std::int64_t count) {
  if constexpr (std::is_floating_point_v<T>) return static_cast<T>(sum / static_cast<double>(count));
  using Whole = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
  return count == 0 ? T(0) : static_cast<T>(static_cast<Whole>(sum) / static_cast<Whole>(count));
}

}  // namespace

template <class T>
void reduce(const Kernels& kernels, ReduceOp op, const T* x, std::span<const std::int64_t> shape, std::span<const int> axes,
            T* y) {
  const Plan p = plan(shape, axes);
  const auto as_is = [](auto state) { return static_cast<T>(state); };
  switch (op) {
    case ReduceOp::sum:
      return run<Add<T>>(kernels, p, x, y, as_is);
    case ReduceOp::prod:
      return run<Multiply<T>>(kernels, p, x, y, as_is);
    case ReduceOp::max:
      return run<Largest<T>>(kernels, p, x, y, as_is);
    case ReduceOp::min:
      return run<Smallest<T>>(kernels, p, x, y, as_is);
    case ReduceOp::norm:
      return run<Squares<T>>(kernels, p, x, y, [](Sum<T> sum) { return root_of<T>(sum); });
    case ReduceOp::mean:
      return run<Add<T>>(kernels, p, x, y, [&](Sum<T> sum) { return mean_of<T>(sum, p.inputs); });
  }
}

#define KERAFT_REDUCE(T) \
  template void reduce(const Kernels&, ReduceOp, const T*, std::span<const std::int64_t>, std::span<const int>, T*);
KERAFT_NUMBERS(KERAFT_REDUCE)
#undef KERAFT_REDUCE

}  // namespace keraft::kernels
