#include "cards/training_mark.h"

KERAFT_OP(ir_dropout) {
  training_mark(op, "ir/Dropout", "the identity; training zeroes a share `rate` of the input", "rate", true);
  op.tensorflow_with([](const ShapeContext& s) {
    const std::string sizes = drawn_sizes(s);
    return "tf.nn.dropout({0}, rate={rate}" + (sizes.empty() ? "" : ", noise_shape=" + sizes) + ")";
  });
}
