#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {
namespace {

/// The new sizes with the open one worked out, where everything needed is known.
std::optional<Dims> new_sizes(const ShapeContext& s) {
  if (!s.ints(1) || !s.ints(2)) return std::nullopt;
  Dims out = *s.ints(2);
  std::optional<size_t> open;
  Dim given = 1;
  for (size_t i = 0; i < out.size(); ++i) {
    if (!out[i].is(-1)) {
      given = given * out[i];
    } else {
      if (open) s.fail("two sizes are -1");
      open = i;
    }
  }
  const Dim all = product(*s.ints(1));
  if (!open) {
    if (all.known() && given.known() && all != given) s.fail("cannot give " + Shape(out).text() + " to the sizes of the input");
    return out;
  }
  const auto size = given.is(0) ? std::nullopt : all.exact_div(given);
  if (!size && all.known() && given.known()) s.fail("cannot give " + Shape(out).text() + " to the sizes of the input");
  if (!size) return std::nullopt;
  out[*open] = *size;
  return out;
}

int64_t place(const ShapeContext& s, const int64_t* index, const std::vector<int64_t>& sizes) {
  int64_t out = 0;
  for (size_t axis = 0; axis < sizes.size(); ++axis) {
    if (index[axis] < 0 || index[axis] >= sizes[axis]) s.fail("an index is outside of " + Shape::of(sizes).text());
    out = out * sizes[axis] + index[axis];
  }
  return out;
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(sparse_reshape) {
  op.tf("SparseReshape").about("the indices of a sparse tensor under other sizes");
  op.in("input_indices").in("input_shape").in("new_shape").out("output_indices").out("output_shape");
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 2);
    need_rank(s, 1, 1);
    need_rank(s, 2, 1);
    new_sizes(s);
    const Dim count = s.shape(0).has_rank() ? s.shape(0)[0] : unknown_dim(s, 0, 0);
    const Dim rank = s.shape(2).has_rank() ? s.shape(2)[0] : unknown_dim(s, 1, 0);
    s.out(0, DType::i64, Shape{count, rank});
    s.out(1, DType::i64, Shape{rank});
  });
  op.ints_list([](const ShapeContext& s) { return std::vector<std::optional<Dims>>{std::nullopt, new_sizes(s)}; });
  op.kernel([](KernelContext& k) {
    const std::vector<int64_t> from = ints_of(k, 1), wanted = ints_of(k, 2);
    const auto sizes = new_sizes(k);
    if (!sizes) k.fail("cannot work out the size that is -1");
    std::vector<int64_t> to;
    for (const Dim& size : *sizes) to.push_back(size.value());
    const Array& in = k.array(0);
    const auto old_rank = static_cast<int64_t>(from.size()), rank = static_cast<int64_t>(to.size());
    if (in.dims.size() != 2 || in.dims[1] != old_rank || in.dtype != DType::i64) k.fail("the indices do not fit input_shape");
    const int64_t count = in.dims[0];
    int64_t* out = k.result(0, {count, rank}).as<int64_t>();
    for (int64_t i = 0; i < count; ++i, out += rank) {
      int64_t left = place(k, in.as<int64_t>() + i * old_rank, from);
      for (auto axis = static_cast<size_t>(rank); axis-- > 0;) {
        out[axis] = left % to[axis];
        left /= to[axis];
      }
    }
    std::copy(to.begin(), to.end(), k.result(1, {rank}).as<int64_t>());
  });
  const auto whole = [](std::vector<int64_t> sizes, const std::vector<int64_t>& values) {
    return given<int64_t>(DType::i64, std::move(sizes), values);
  };
  op.sample({whole({3, 2}, {0, 1, 1, 0, 2, 3}), whole({2}, {3, 4}), whole({3}, {2, 3, 2})});
  op.sample({whole({2, 3}, {0, 1, 1, 1, 0, 2}), whole({3}, {2, 2, 5}), whole({2}, {4, -1})});
  op.sample({whole({0, 2}, {}), whole({2}, {3, 2}), whole({1}, {-1})});
}
