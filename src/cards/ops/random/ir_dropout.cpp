#include "cards/noise.h"
#include "cards/training_mark.h"

KERAFT_OP(ir_dropout) {
  using namespace keraft;
  training_mark(op, "ir/Dropout", "the identity; training zeroes a share `rate` of the input", "rate", true);
  op.tensorflow_with([](const ShapeContext& s) {
    const std::string sizes = drawn_sizes(s);
    return "tf.nn.dropout({0}, rate={rate}" + (sizes.empty() ? "" : ", noise_shape=" + sizes) + ")";
  });
  op.in_training([](LowerContext& c, Edge x, const Dict& attrs) {
    const double rate = mark_number(attrs, "rate");
    if (rate <= 0) return x;
    if (rate >= 1) return scaled(c, x, 0);
    return c.op("Mul", {scaled(c, x, 1 / (1 - rate)), kept(c, x, rate, attrs)});
  });
}
