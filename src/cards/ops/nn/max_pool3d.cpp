#include "cards/shapes.h"
#include "cards/volume.h"

KERAFT_OP(max_pool3d) {
  op.tf("MaxPool3D").about("the largest value in each window of a volume");
  op.tensorflow(
      "tf.nn.max_pool3d({0}, ksize={ksize:window}, strides={strides:window}, padding={padding}, data_format={data_format})");
  op.code(
      "ops.max_pool({0}, pool_size={ksize:spatial}, strides={strides:spatial}, padding={padding:lower}, "
      "data_format={data_format:layout})");
  op.in("input").out("output").attr("ksize").attr("strides").attr("padding").attr("data_format", "NDHWC").attr("T", DType::f32);
  op.layout({.images = {0}, .lists = {"ksize", "strides"}});
  op.shape(pool3d_shape);
  op.kernel([](KernelContext& k) { pool3d_kernel(k, true); });
  op.sample({dims({2, 5, 7, 6, 3})},
            {{"ksize", dims({1, 2, 3, 2, 1})}, {"strides", dims({1, 1, 2, 1, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 4, 6, 8, 5})},
            {{"ksize", dims({1, 2, 2, 2, 1})}, {"strides", dims({1, 2, 2, 2, 1})}, {"padding", "VALID"}});
  op.sample({dims({3, 7, 3, 5, 1})},
            {{"ksize", dims({1, 3, 1, 2, 1})}, {"strides", dims({1, 3, 2, 4, 1})}, {"padding", "SAME"}});
}
