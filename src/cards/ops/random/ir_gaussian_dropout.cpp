#include <cmath>

#include "cards/noise.h"
#include "cards/training_mark.h"

KERAFT_OP(ir_gaussian_dropout) {
  using namespace keraft;
  training_mark(op, "ir/GaussianDropout", "the identity; training multiplies by normal noise around 1", "rate", false);
  op.tensorflow("{0} * tf.random.normal(tf.shape({0}), 1.0, ({rate} / (1 - {rate})) ** 0.5)");
  op.in_training([](LowerContext& c, Edge x, const Dict& attrs) {
    const double rate = mark_number(attrs, "rate");
    if (rate >= 1) c.fail("a rate of 1, whose noise has no bounds");
    if (rate <= 0) return x;
    return c.op("Mul", {x, c.op("AddV2", {normal_noise(c, x, std::sqrt(rate / (1 - rate))), scalar_like(c, x, 1)})});
  });
}
