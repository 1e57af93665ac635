#include "cards/blocks.h"
#include "cards/shapes.h"

KERAFT_OP(depth_to_space) {
  op.tf("DepthToSpace").about("channels moved into blocks of space");
  op.tensorflow("tf.nn.depth_to_space({0}, {block_size}, data_format={data_format})");
  op.code_with([](CodeContext& k) { return depth_code(k, false); });
  op.in("input").out("output").attr("T").attr("block_size").attr("data_format", "NHWC");
  op.layout({.images = {0}});
  op.shape([](ShapeContext& s) { depth_shape(s, false); });
  op.kernel([](KernelContext& k) { move_depth(k, false); });
  op.sample({dims({1, 2, 3, 12})}, {{"block_size", 2}});
  op.sample({dims({2, 1, 1, 9})}, {{"block_size", 3}});
  op.sample({dims({1, 1, 2, 20})}, {{"block_size", 2}});
}
