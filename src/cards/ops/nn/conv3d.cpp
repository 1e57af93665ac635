#include "cards/shapes.h"
#include "cards/volume.h"

KERAFT_OP(conv3d) {
  op.tf("Conv3D").about("convolution of volumes").fidelity(Fidelity::approximate);
  op.tensorflow(
      "tf.nn.conv3d({0}, {1}, strides={strides}, padding={padding}, data_format={data_format}, dilations={dilations})");
  op.code(
      "ops.conv({0}, {1}, strides={strides:spatial}, padding={padding:lower}, data_format={data_format:layout}, "
      "dilation_rate={dilations:spatial})");
  op.in("input").in("filter").out("output").attr("T").attr("strides").attr("padding");
  op.attr("data_format", "NDHWC").attr("dilations", dims({1, 1, 1, 1, 1}));
  op.layout({.images = {0}, .lists = {"strides", "dilations"}});
  op.shape(conv3d_shape);
  op.kernel(conv3d_kernel);
  op.sample({dims({2, 5, 7, 6, 3}), dims({2, 3, 2, 3, 4})}, {{"strides", dims({1, 1, 1, 1, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 6, 5, 8, 2}), dims({3, 3, 3, 2, 5})}, {{"strides", dims({1, 2, 1, 3, 1})}, {"padding", "VALID"}});
  op.sample({dims({1, 7, 8, 5, 2}), dims({3, 2, 1, 2, 3})}, {{"strides", dims({1, 3, 2, 2, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 3, 4, 5, 2}), dims({2, 2, 2, 2, 3})},
            {{"strides", dims({1, 1, 1, 1, 1})}, {"padding", "VALID"}, {"T", DType::f64}});
}
