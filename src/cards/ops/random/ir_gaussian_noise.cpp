#include "cards/noise.h"
#include "cards/training_mark.h"

KERAFT_OP(ir_gaussian_noise) {
  using namespace keraft;
  training_mark(op, "ir/GaussianNoise", "the identity; training adds normal noise", "stddev", false);
  op.tensorflow("{0} + tf.random.normal(tf.shape({0}), stddev={stddev})");
  op.in_training([](LowerContext& c, Edge x, const Dict& attrs) {
    const double deviation = mark_number(attrs, "stddev");
    return deviation <= 0 ? x : c.op("AddV2", {x, normal_noise(c, x, deviation)});
  });
}
