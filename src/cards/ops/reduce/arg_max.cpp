#include "cards/arg.h"
#include "cards/shapes.h"

KERAFT_OP(arg_max) {
  op.tf("ArgMax").about("the index of the largest element along an axis");
  op.tensorflow("tf.argmax({0}, axis={1}, output_type={output_type})");
  op.code("ops.argmax({0}, axis={1})", {{"output_type", DType::i32}});
  op.code("ops.cast(ops.argmax({0}, axis={1}), dtype={output_type})");
  op.in("input").in("dimension").out("output").attr("T").attr("Tidx", DType::i32).attr("output_type", DType::i64);
  op.layout({.axis_inputs = {1}});
  op.shape(arg_shape);
  op.kernel(with_halves([](KernelContext& k) { arg_reduce(k, [](auto a, auto b) { return a > b; }); }));
  op.sample({dims({3, 4}), scalar_i32(1)});
  op.sample({dims({3, 4, 2}), scalar_i32(0)}, {{"output_type", DType::i32}});
  op.sample({dims({7}), scalar_i32(-1)});
}
