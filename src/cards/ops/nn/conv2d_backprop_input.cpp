#include "cards/shapes.h"
#include "cards/volume.h"

KERAFT_OP(conv2d_backprop_input) {
  op.tf("Conv2DBackpropInput").about("a convolution of images turned around").fidelity(Fidelity::approximate);
  op.tensorflow(
      "tf.nn.conv2d_transpose({2}, {1}, output_shape={0}, strides={strides:window}, padding={padding}, "
      "data_format={data_format}, dilations={dilations:window})",
      {{"explicit_paddings", Value::ints({})}});
  op.in("input_sizes").in("filter").in("out_backprop").out("output").attr("T", DType::f32).attr("strides");
  op.attr("use_cudnn_on_gpu", true).attr("padding").attr("explicit_paddings", dims({})).attr("data_format", "NHWC");
  op.attr("dilations", dims({1, 1, 1, 1}));
  op.layout({.images = {2}, .lists = {"strides", "dilations"}, .pairs = {"explicit_paddings"}, .list_inputs = {0}});
  op.shape([](ShapeContext& s) { transposed_shape(s, 4); });
  op.kernel([](KernelContext& k) { transposed_kernel(k, 4); });
  op.sample({given_i32({2, 9, 7, 4}), dims({3, 2, 4, 3}), dims({2, 5, 4, 3})},
            {{"strides", dims({1, 2, 2, 1})}, {"padding", "SAME"}});
  op.sample({given_i32({1, 8, 9, 2}), dims({2, 3, 2, 5}), dims({1, 7, 4, 5})},
            {{"strides", dims({1, 1, 2, 1})}, {"padding", "VALID"}});
  op.sample({given_i32({3, 7, 5, 1}), dims({2, 2, 1, 3}), dims({3, 3, 2, 3})},
            {{"strides", dims({1, 3, 3, 1})}, {"padding", "SAME"}, {"T", DType::f64}});
  op.sample({given_i32({1, 7, 6, 2}), dims({3, 3, 2, 4}), dims({1, 4, 3, 4})},
            {{"strides", dims({1, 2, 2, 1})}, {"padding", "EXPLICIT"}, {"explicit_paddings", dims({0, 0, 1, 1, 0, 1, 0, 0})}});
}
