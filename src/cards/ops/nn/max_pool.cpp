#include "cards/pool.h"
#include "cards/shapes.h"

KERAFT_OP(max_pool) {
  op.tf("MaxPool").about("the largest value in each window");
  op.tensorflow(
      "tf.nn.max_pool2d({0}, ksize={ksize:window}, strides={strides:window}, padding={padding}, data_format={data_format})",
      {{"explicit_paddings", Value::ints({})}});
  op.code(
      "ops.max_pool({0}, pool_size={ksize:spatial}, strides={strides:spatial}, padding={padding:lower}, "
      "data_format={data_format:layout})");
  op.in("input")
      .out("output")
      .attr("T", DType::f32)
      .attr("ksize")
      .attr("strides")
      .attr("padding")
      .attr("explicit_paddings", dims({}))
      .attr("data_format", "NHWC");
  op.layout({.images = {0}, .lists = {"ksize", "strides"}, .pairs = {"explicit_paddings"}});
  op.shape([](ShapeContext& s) { pool_shape(s); });
  op.kernel([](KernelContext& k) { pool(k, Pool::max); });
  op.sample({dims({2, 7, 5, 3})}, {{"ksize", dims({1, 3, 2, 1})}, {"strides", dims({1, 2, 1, 1})}, {"padding", "SAME"}});
  op.sample({dims({1, 8, 9, 4})}, {{"ksize", dims({1, 2, 2, 1})}, {"strides", dims({1, 2, 2, 1})}, {"padding", "VALID"}});
  op.sample({dims({1, 4, 4, 17})}, {{"ksize", dims({1, 4, 4, 1})}, {"strides", dims({1, 1, 1, 1})}, {"padding", "VALID"}});
  op.sample({dims({1, 6, 5, 2})}, {{"ksize", dims({1, 3, 3, 1})},
                                   {"strides", dims({1, 2, 2, 1})},
                                   {"padding", "EXPLICIT"},
                                   {"explicit_paddings", dims({0, 0, 1, 1, 0, 2, 0, 0})}});
}
