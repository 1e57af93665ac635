#include "cards/bias.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(bias_add) {
  op.tf("BiasAdd").about("adds a vector along the channel axis").fidelity(Fidelity::rounding);
  op.tensorflow("{0} + {1}", {{"data_format", "NHWC"}});
  op.tensorflow("tf.nn.bias_add({0}, {1}, data_format={data_format})");
  op.code("ops.add({0}, {1})", {{"data_format", "NHWC"}});
  op.in("value").in("bias").out("output").attr("T").attr("data_format", "NHWC");
  op.fuses(Fusion::bias).layout({.images = {0}});
  op.shape([](ShapeContext& s) { bias_shape(s, s.text("data_format") == "NCHW"); });
  op.kernel(with_halves([](KernelContext& k) { add_bias(k, k.text("data_format") == "NCHW"); }));
  op.sample({dims({2, 3, 3, 4}), dims({4})});
  op.sample({dims({2, 4, 3, 5}), dims({4})}, {{"data_format", "NCHW"}});
  op.sample({dims({3, 7}), dims({7})});
}
