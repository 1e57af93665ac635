#include <cstring>
#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/move.h"

KERAFT_OP(one_hot) {
  op.tf("OneHot").about("an axis that is on at the index and off elsewhere");
  op.tensorflow("tf.one_hot({0}, {1}, on_value={2|1.0}, off_value={3|0.0}, axis={axis})");
  op.code("ops.one_hot({0}, num_classes={1}, axis={axis}, dtype={T})", {{"on_value", 1.0}, {"off_value", 0.0}});
  op.in("indices").in("depth").in("on_value").in("off_value").out("output").attr("axis", -1).attr("T").attr("TI", DType::i64);
  op.shape([](ShapeContext& s) {
    const Shape& in = s.shape(0);
    const auto& depth = s.ints(1);
    if (!in.has_rank()) return s.out(0, s.dtype(2), Shape());
    if (depth) need_sizes(s, *depth);
    Dims out = in.dims();
    const size_t axis = s.axis(s.integer("axis"), out.size() + 1);
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(axis), depth ? depth->at(0) : unknown_dim(s, 0, axis));
    s.out(0, s.dtype(2), out);
  });
  op.kernel([](KernelContext& k) {
    Array& out = k.result();
    const auto indices = ints_of(k, 0);
    const size_t axis = k.axis(k.integer("axis"), out.dims.size()), element = size_of(out.dtype);
    const int64_t depth = out.dims[axis];
    int64_t inner = 1;
    for (size_t i = axis + 1; i < out.dims.size(); ++i) inner *= out.dims[i];
    if (k.array(2).elements() != 1 || k.array(3).elements() != 1) k.fail("on_value and off_value must be one number");
    kernels::fill(out.data.get(), out.elements(), k.array(3).data.get(), element);
    for (size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] < 0 || indices[i] >= depth) continue;
      const int64_t outer = static_cast<int64_t>(i) / inner, in = static_cast<int64_t>(i) % inner;
      const int64_t at = (outer * depth + indices[i]) * inner + in;
      std::memcpy(out.data.get() + static_cast<size_t>(at) * element, k.array(2).data.get(), element);
    }
  });
  op.sample({given_i32({1, 0, 5}), scalar_i32(3), dims({}), dims({})}, {{"TI", DType::i32}});
  op.sample({given<int32_t>(DType::i32, {2, 2}, {1, -1, 0, 2}), scalar_i32(3), dims({}), dims({})},
            {{"TI", DType::i32}, {"axis", 0}});
  op.sample({given<int32_t>(DType::i32, {2, 2}, {1, -1, 0, 2}), scalar_i32(4), dims({}), dims({})},
            {{"TI", DType::i32}, {"axis", 1}});
  op.sample({given_i32({1, 0, 2}), scalar_i32(3), given<float>(DType::f32, {}, {1}), given<float>(DType::f32, {}, {0})},
            {{"TI", DType::i32}, {"T", DType::f32}});
}
