#include "cards/pool.h"
#include "cards/shapes.h"

KERAFT_OP(avg_pool) {
  op.tf("AvgPool").about("the mean of each window, without the padding").fidelity(Fidelity::approximate);
  op.tensorflow(
      "tf.nn.avg_pool2d({0}, ksize={ksize:window}, strides={strides:window}, padding={padding}, data_format={data_format})");
  op.code(
      "ops.average_pool({0}, pool_size={ksize:spatial}, strides={strides:spatial}, padding={padding:lower}, "
      "data_format={data_format:layout})");
  op.in("value").out("output").attr("ksize").attr("strides").attr("padding").attr("data_format", "NHWC").attr("T");
  op.layout({.images = {0}, .lists = {"ksize", "strides"}});
  op.shape([](ShapeContext& s) { pool_shape(s); });
  op.kernel([](KernelContext& k) { pool(k, Pool::average); });
  op.sample({dims({2, 7, 5, 3})}, {{"ksize", dims({1, 3, 2, 1})}, {"strides", dims({1, 2, 1, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 8, 9, 4})}, {{"ksize", dims({1, 2, 2, 1})}, {"strides", dims({1, 2, 2, 1})}, {"padding", "VALID"}});
  op.sample({dims({1, 4, 4, 17})}, {{"ksize", dims({1, 4, 4, 1})}, {"strides", dims({1, 1, 1, 1})}, {"padding", "VALID"}});
}
