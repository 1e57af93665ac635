#include "cards/blocks.h"
#include "cards/shapes.h"

KERAFT_OP(space_to_depth) {
  op.tf("SpaceToDepth").about("blocks of space moved into the channels");
  op.tensorflow("tf.nn.space_to_depth({0}, {block_size}, data_format={data_format})");
  op.code_with([](CodeContext& k) { return depth_code(k, true); });
  op.in("input").out("output").attr("T").attr("block_size").attr("data_format", "NHWC");
  op.layout({.images = {0}});
  op.shape([](ShapeContext& s) { depth_shape(s, true); });
  op.kernel([](KernelContext& k) { move_depth(k, true); });
  op.sample({dims({1, 4, 6, 3})}, {{"block_size", 2}});
  op.sample({dims({2, 3, 3, 1})}, {{"block_size", 3}});
  op.sample({dims({1, 2, 2, 5})}, {{"block_size", 2}});
}
