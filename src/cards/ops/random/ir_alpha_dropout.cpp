#include <cmath>

#include "cards/noise.h"
#include "cards/training_mark.h"

KERAFT_OP(ir_alpha_dropout) {
  using namespace keraft;
  static constexpr double lowest = -1.7580993408473766;  // what SELU gives far below 0
  training_mark(op, "ir/AlphaDropout", "the identity; training sets a share `rate` to what keeps mean and variance", "rate",
                true);
  op.tensorflow_with([](const ShapeContext& s) -> std::string {
    const double rate = s.real("rate");
    const double scale = 1 / std::sqrt((1 - rate) * (1 + rate * lowest * lowest));
    if (!drawn_sizes(s).empty()) return {};
    return Value(scale).text() + " * tf.where(tf.random.uniform(tf.shape({0})) < {rate}, " + Value(lowest).text() +
           ", {0}) + " + Value(-scale * lowest * rate).text();
  });
  op.in_training([](LowerContext& c, Edge x, const Dict& attrs) {
    const double rate = mark_number(attrs, "rate");
    if (rate <= 0) return x;
    if (rate >= 1) return scaled(c, x, 0);
    const double scale = 1 / std::sqrt((1 - rate) * (1 + rate * lowest * lowest)), shift = -scale * lowest * rate;
    const Edge mask = kept(c, x, rate, attrs);
    const Edge dropped = scaled(c, c.op("Sub", {scalar_like(c, x, 1), mask}), lowest);
    const Edge mixed = c.op("AddV2", {c.op("Mul", {x, mask}), dropped});
    return c.op("AddV2", {scaled(c, mixed, scale), scalar_like(c, x, shift)});
  });
}
