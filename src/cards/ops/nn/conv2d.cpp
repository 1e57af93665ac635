#include "cards/conv.h"
#include "cards/shapes.h"

KERAFT_OP(conv2d) {
  op.tf("Conv2D").about("convolution of images").fidelity(Fidelity::approximate);
  op.tensorflow(
      "tf.nn.conv2d({0}, {1}, strides={strides:window}, padding={padding}, data_format={data_format}, "
      "dilations={dilations:window})",
      {{"explicit_paddings", Value::ints({})}});
  op.code(
      "ops.conv({0}, {1}, strides={strides:spatial}, padding={padding:lower}, data_format={data_format:layout}, "
      "dilation_rate={dilations:spatial})");
  op.in("input")
      .in("filter")
      .out("output")
      .attr("T")
      .attr("strides")
      .attr("use_cudnn_on_gpu", true)
      .attr("padding")
      .attr("explicit_paddings", dims({}))
      .attr("data_format", "NHWC")
      .attr("dilations", dims({1, 1, 1, 1}));
  op.fuses(Fusion::convolution);
  op.layout({.images = {0}, .lists = {"strides", "dilations"}, .pairs = {"explicit_paddings"}});
  op.shape(conv_shape);
  op.kernel(conv_kernel);
  op.sample({dims({2, 7, 5, 3}), dims({3, 2, 3, 4})}, {{"strides", dims({1, 1, 1, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 8, 9, 4}), dims({3, 3, 2, 6})}, {{"strides", dims({1, 2, 1, 1})}, {"padding", "VALID"}});
  op.sample({dims({1, 9, 9, 3}), dims({3, 3, 3, 5})},
            {{"strides", dims({1, 1, 1, 1})}, {"padding", "SAME"}, {"dilations", dims({1, 2, 3, 1})}});
  op.sample({dims({1, 6, 6, 2}), dims({3, 3, 2, 3})},
            {{"strides", dims({1, 2, 2, 1})}, {"padding", "EXPLICIT"}, {"explicit_paddings", dims({0, 0, 1, 2, 0, 1, 0, 0})}});
  op.sample({dims({3, 5, 5, 16}), dims({1, 1, 16, 33})}, {{"strides", dims({1, 1, 1, 1})}, {"padding", "VALID"}});
  op.sample({dims({1, 10, 11, 8}), dims({3, 3, 8, 8})}, {{"strides", dims({1, 2, 2, 1})}, {"padding", "SAME"}});
}
