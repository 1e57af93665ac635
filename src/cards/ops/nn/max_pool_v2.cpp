#include "cards/numeric.h"
#include "cards/pool.h"
#include "cards/shapes.h"

namespace keraft::cards {
namespace {

/// The padding of the node and the strides of its input.
Windows pool_windows(const ShapeContext& s, const std::vector<int64_t>& strides) {
  Node node;
  node.name = s.node().name;
  node.attrs = s.node().attrs;
  node.attrs["strides"] = Value::ints(strides);
  const ShapeContext with_strides(node, s.card(), {}, {});
  return windows(with_strides, image_axes(s));
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(max_pool_v2) {
  op.tf("MaxPoolV2").about("the largest value in each window, whose size is an input");
  op.code(
      "ops.max_pool({0}, pool_size={1:spatial}, strides={2:spatial}, padding={padding:lower}, "
      "data_format={data_format:layout})");
  op.in("input").in("ksize").in("strides").out("output").attr("T", DType::f32).attr("padding").attr("data_format", "NHWC");
  op.layout({.images = {0}, .list_inputs = {1, 2}});
  op.shape([](ShapeContext& s) {
    const auto ksize = s.numbers(1), strides = s.numbers(2);
    if (!ksize || !strides) {
      need_rank(s, 0, 4);
      return s.out(0, s.dtype(0), unknown_dims(s, 0, 4));
    }
    pool_shape(s, *ksize, pool_windows(s, *strides));
  });
  op.kernel([](KernelContext& k) { pool(k, Pool::max, ints_of(k, 1), pool_windows(k, ints_of(k, 2))); });
  op.sample({dims({2, 7, 5, 3}), given_i32({1, 3, 2, 1}), given_i32({1, 2, 1, 1})}, {{"padding", "SAME"}});
  op.sample({dims({1, 8, 9, 4}), given_i32({1, 2, 2, 1}), given_i32({1, 2, 2, 1})}, {{"padding", "VALID"}});
  op.sample({dims({1, 4, 4, 5}), given_i32({1, 4, 4, 1}), given_i32({1, 1, 1, 1})}, {{"padding", "VALID"}});
}
