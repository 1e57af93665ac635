#include "cards/join.h"
#include "cards/shapes.h"

KERAFT_OP(split) {
  op.tf("Split").about("a tensor cut into equal parts");
  op.tensorflow("tf.split({value}, {num_split}, axis={split_dim|0})");
  op.code("ops.split({value}, indices_or_sections={num_split}, axis={split_dim})");
  op.in("split_dim").in("value").out_list("output").attr("num_split").attr("T");
  op.layout({.axis_inputs = {0}});
  op.shape([](ShapeContext& s) {
    const int64_t count = s.integer("num_split");
    if (count < 1 || count > 1'000'000) s.fail("num_split is " + std::to_string(count));
    const Shape& in = s.shape(1);
    const auto axis = number(s, 0);
    Shape one;
    if (in.has_rank()) {
      one = axis ? in : unknown_dims(s, 0, in.rank());
      if (axis) {
        Dim& size = one.dims()[s.axis(*axis, in.rank())];
        if (size.known() && size.value() % count != 0)
          s.fail("cannot cut " + in.text() + " into " + std::to_string(count) + " equal parts");
        size = size.floor_div(Dim(count));
      }
    }
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) s.out(i, s.dtype(1), one);
  });
  op.ints_list([](const ShapeContext& s) {
    std::vector<std::optional<Dims>> out;
    const auto count = static_cast<size_t>(s.integer("num_split"));
    if (!s.ints(1) || !s.shape(1).has_rank() || s.shape(1).rank() != 1) return out;
    const size_t part = s.ints(1)->size() / count;
    for (size_t i = 0; i < count; ++i) {
      const auto from = s.ints(1)->begin() + static_cast<std::ptrdiff_t>(i * part);
      out.push_back(Dims(from, from + static_cast<std::ptrdiff_t>(part)));
    }
    return out;
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(1);
    const size_t axis = k.axis(ints_of(k, 0).at(0), in.dims.size());
    const size_t count = k.outputs().size();
    cut(k, in, axis, std::vector<int64_t>(count, in.dims[axis] / static_cast<int64_t>(count)));
  });
  op.sample({scalar_i32(0), dims({4, 3})}, {{"num_split", 2}});
  op.sample({scalar_i32(1), dims({2, 9})}, {{"num_split", 3}});
  op.sample({scalar_i32(-1), dims({2, 2, 4})}, {{"num_split", 1}});
}
