#include "cards/join.h"
#include "cards/shapes.h"

namespace keraft::cards {
namespace {

/// The sizes with -1 replaced by what is left.
Dims split_sizes(const ShapeContext& s, const Dim& whole, const std::vector<int64_t>& sizes) {
  Dims out(sizes.begin(), sizes.end());
  Dim sum = 0;
  std::optional<size_t> open;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i].is(-1)) {
      if (open) s.fail("two sizes are -1");
      open = i;
    } else {
      sum = sum + out[i];
    }
  }
  if (open)
    out[*open] = whole - sum;
  else if (whole.known() && whole != sum)
    s.fail("the sizes do not add up to " + whole.text());
  need_sizes(s, out);
  return out;
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(split_v) {
  op.tf("SplitV").about("a tensor cut into parts of given sizes");
  op.tensorflow("tf.split({value}, {size_splits}, axis={split_dim|0})");
  op.code("ops.split({value}, indices_or_sections={size_splits:cuts}, axis={split_dim})");
  op.in("value").in("size_splits").in("split_dim").out_list("output").attr("num_split").attr("T").attr("Tlen", DType::i64);
  op.layout({.images = {0}, .axis_inputs = {2}});
  op.shape([](ShapeContext& s) {
    const int64_t count = s.integer("num_split");
    if (count < 1 || count > 1'000'000) s.fail("num_split is " + std::to_string(count));
    const Shape& in = s.shape(0);
    const auto axis = number(s, 2);
    const auto sizes = s.numbers(1);
    if (sizes && static_cast<int64_t>(sizes->size()) != count) s.fail("size_splits and num_split differ");
    Dims parts;
    if (in.has_rank() && axis && sizes) parts = split_sizes(s, in[s.axis(*axis, in.rank())], *sizes);
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
      Shape one = in;
      if (in.has_rank()) {
        if (!axis)
          one = unknown_dims(s, i, in.rank());
        else
          one.dims()[s.axis(*axis, in.rank())] = parts.empty() ? unknown_dim(s, i, 0) : parts[i];
      }
      s.out(i, s.dtype(0), one);
    }
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    const size_t axis = k.axis(ints_of(k, 2).at(0), in.dims.size());
    std::vector<int64_t> parts;
    for (const Dim& size : split_sizes(k, Dim(in.dims[axis]), ints_of(k, 1))) parts.push_back(size.value());
    cut(k, in, axis, parts);
  });
  op.sample({dims({5, 2}), given_i32({2, 3}), scalar_i32(0)}, {{"num_split", 2}, {"Tlen", DType::i32}});
  op.sample({dims({2, 7}), given_i32({1, -1, 2}), scalar_i32(-1)}, {{"num_split", 3}, {"Tlen", DType::i32}});
  op.sample({dims({4}), given_i32({4}), scalar_i32(0)}, {{"num_split", 1}, {"Tlen", DType::i32}});
}
