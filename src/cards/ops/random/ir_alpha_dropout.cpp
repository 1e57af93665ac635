#include <cmath>

#include "cards/noise.h"
#include "cards/training_mark.h"

KERAFT_OP(ir_alpha_dropout) {
  using namespace keraft;
  training_mark(op, "ir/AlphaDropout", "the identity; training sets a share `rate` to what keeps mean and variance", "rate",
                true);
  op.in_training([](LowerContext& c, Edge x, const Dict& attrs) {
    const double rate = mark_number(attrs, "rate");
    if (rate <= 0) return x;
    if (rate >= 1) return scaled(c, x, 0);
    // What SELU gives far below 0.
    const double lowest = -1.6732632423543772 * 1.0507009873554805;
    const double scale = 1 / std::sqrt((1 - rate) * (1 + rate * lowest * lowest)), shift = -scale * lowest * rate;
    const Edge mask = kept(c, x, rate, attrs);
    const Edge dropped = scaled(c, c.op("Sub", {scalar_like(c, x, 1), mask}), lowest);
    const Edge mixed = c.op("AddV2", {c.op("Mul", {x, mask}), dropped});
    return c.op("AddV2", {scaled(c, mixed, scale), scalar_like(c, x, shift)});
  });
}
