// Colours in the last axis, three numbers each.
#pragma once

#include <array>
#include <cmath>

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

template <class T>
using Color = std::array<T, 3>;

/// Fails unless the last axis of input 0 is 3; output 0 is like it.
inline void color_shape(ShapeContext& s) {
  const Shape& in = s.shape(0);
  if (in.has_rank() && (in.rank() == 0 || (in.dims().back().known() && !in.dims().back().is(3))))
    s.fail("needs 3 channels, not " + in.text());
  s.same(0, 0);
}

/// Each colour of output 0 is f of the one of input 0.
template <class T, class F>
void each_color(KernelContext& k, F f) {
  const T* x = k.array(0).as<T>();
  T* y = k.in_place(0, 0).template as<T>();
  k.kernels().threads().parallel_for(k.array(0).elements() / 3, grain / 3, [&](int64_t begin, int64_t end) {
    for (int64_t i = 3 * begin; i < 3 * end; i += 3) {
      const Color<T> to = f(Color<T>{x[i], x[i + 1], x[i + 2]});
      std::copy(to.begin(), to.end(), y + i);
    }
  });
}

/// Hue, saturation and value, each in 0…1; each step is rounded to T.
template <class T>
Color<T> hsv_of(const Color<T>& c) {
  const auto [r, g, b] = c;
  const T value = larger(larger(r, g), b), range = value - smaller(smaller(r, g), b);
  const T saturation = value > T(0) ? T(range / value) : T(0);
  const T sixth = T(T(1) / T(6)), norm = T(T(T(1) / range) * sixth);
  T hue = T(0);
  if (range > T(0)) {
    if (r == value)
      hue = T(norm * T(g - b));
    else if (g == value)
      hue = T(T(norm * T(b - r)) + T(T(2) / T(6)));
    else
      hue = T(T(norm * T(r - g)) + T(T(4) / T(6)));
  }
  return {hue < T(0) ? T(hue + T(1)) : hue, saturation, value};
}

template <class T>
Color<T> rgb_of(const Color<T>& c) {
  const T hue = c[0], saturation = c[1], value = c[2];
  const T six = hue * T(6), rest = T(1) - saturation;
  const auto part = [&](T at, T turn, T sign) {
    const T away = T(std::abs(Wide<T>(T(six - at))));
    const T share = smaller(larger(T(T(sign * away) + turn), T(0)), T(1));
    return T(T(rest + T(saturation * share)) * value);
  };
  return {part(T(3), T(-1), T(1)), part(T(2), T(2), T(-1)), part(T(4), T(2), T(-1))};
}

}  // namespace keraft::cards
