#include "cards/axes.h"

KERAFT_LAYER(unit_normalization) {
  card.keras("UnitNormalization").about("x divided by its length along the axis");
  card.config("axis", -1);
  // Keras 3 bounds the inverse length by 1e12, TensorFlow and Keras 2 the squared length by 1e-12: equal above lengths of 1e-6.
  const std::string length = "q = Square(x)   s = Sum(q, $axis[], keep_dims=true)   ";
  card.also_reads(length + "m = Maximum(s, 1e-12)   r = Rsqrt(m)   y = Mul(x, r)", {}, tidy_axes);
  card.also_reads(length + "r = Rsqrt(s)   m = Minimum(r, 1e12)   y = Mul(x, m)", {}, tidy_axes);
  // Keras 3's Dot bounds it by 1e7.
  card.also_reads(length + "r = Rsqrt(s)   m = Minimum(r, 1e7)   y = Mul(x, m)", {}, tidy_axes);
  card.also_reads(length + "m = Maximum(s, 1e-12)   r = Sqrt(m)   y = RealDiv(x, r)", {}, tidy_axes);
  card.lower_with([](LowerContext& c) {
    const Edge x = c.inputs().front();
    const Edge over = int_constant(c, lowered_axes(c, c.type(x).shape));
    const Edge sum = c.op("Sum", {c.op("Square", {x}), over}, {{"keep_dims", true}});
    return c.op("Mul", {x, c.op("Rsqrt", {c.op("Maximum", {sum, real_constant(c, 1e-12, x)})})});
  });
  card.fidelity(Fidelity::approximate).sample({}, {{2, 5, 3}}).sample({{"axis", Value::ints({1, 2})}}, {{3, 4, 6}});
}
