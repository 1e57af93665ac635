#include <cmath>

#include "cards/training_mark.h"

KERAFT_OP(ir_alpha_dropout) {
  training_mark(op, "ir/AlphaDropout", "the identity; training sets a share `rate` to what keeps mean and variance", "rate",
                true);
  op.tensorflow_with([](const ShapeContext& s) -> std::string {
    const double rate = s.real("rate"), low = -1.7580993408473766;  // where SELU ends
    const double scale = 1 / std::sqrt((1 - rate) * (1 + rate * low * low));
    if (!drawn_sizes(s).empty()) return {};
    return Value(scale).text() + " * tf.where(tf.random.uniform(tf.shape({0})) < {rate}, " + Value(low).text() + ", {0}) + " +
           Value(-scale * low * rate).text();
  });
}
