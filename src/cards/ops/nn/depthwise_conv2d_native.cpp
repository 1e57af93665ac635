#include "cards/conv.h"
#include "cards/shapes.h"

KERAFT_OP(depthwise_conv2d_native) {
  op.tf("DepthwiseConv2dNative").about("convolution of each channel by itself").fidelity(Fidelity::approximate);
  op.tensorflow("tf.nn.depthwise_conv2d({0}, {1}, strides={strides}, padding={padding}, data_format={data_format})",
                {{"dilations", Value::ints({1, 1, 1, 1})}, {"explicit_paddings", Value::ints({})}});
  op.tensorflow(
      "tf.nn.depthwise_conv2d({0}, {1}, strides={strides}, padding={padding}, data_format={data_format}, "
      "dilations={dilations:spatial})",
      {{"explicit_paddings", Value::ints({})}});
  op.code(
      "ops.depthwise_conv({0}, {1}, strides={strides:side}, padding={padding:lower}, data_format={data_format:layout}, "
      "dilation_rate={dilations:side})");
  op.in("input")
      .in("filter")
      .out("output")
      .attr("T")
      .attr("strides")
      .attr("padding")
      .attr("explicit_paddings", dims({}))
      .attr("data_format", "NHWC")
      .attr("dilations", dims({1, 1, 1, 1}));
  op.fuses(Fusion::depthwise);
  op.layout({.images = {0}, .lists = {"strides", "dilations"}, .pairs = {"explicit_paddings"}});
  op.shape(depthwise_shape);
  op.kernel(depthwise_kernel);
  op.sample({dims({2, 7, 5, 3}), dims({3, 2, 3, 1})}, {{"strides", dims({1, 1, 1, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 8, 9, 4}), dims({3, 3, 4, 2})}, {{"strides", dims({1, 2, 2, 1})}, {"padding", "VALID"}});
  op.sample({dims({1, 9, 9, 17}), dims({5, 5, 17, 1})}, {{"strides", dims({1, 2, 2, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 9, 9, 3}), dims({3, 3, 3, 1})},
            {{"strides", dims({1, 1, 1, 1})}, {"padding", "VALID"}, {"dilations", dims({1, 2, 2, 1})}});
}
