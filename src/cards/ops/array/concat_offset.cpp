#include "cards/ints.h"
#include "cards/numeric.h"

KERAFT_OP(concat_offset) {
  op.tf("ConcatOffset").about("where each part of a concatenation begins, from the sizes of all");
  op.in("concat_dim").in_list("shape").out_list("offset").attr("N").attr("shape_type", DType::i32);
  op.shape([](ShapeContext& s) {
    for (size_t i = 1; i < s.inputs(); ++i) {
      need_rank(s, i, 1);
      s.same(i - 1, i);
    }
  });
  const auto offsets = [](const ShapeContext& s) -> std::optional<std::vector<Dims>> {
    const auto axis = number(s, 0);
    if (!axis) return std::nullopt;
    std::vector<Dims> out;
    Dim sum = 0;
    for (size_t i = 1; i < s.inputs(); ++i) {
      if (!s.ints(i)) return std::nullopt;
      const size_t at = s.axis(*axis, s.ints(i)->size());
      out.emplace_back(s.ints(i)->size(), Dim(0));
      out.back()[at] = sum;
      sum = sum + (*s.ints(i))[at];
    }
    return out;
  };
  op.ints_list([offsets](const ShapeContext& s) {
    std::vector<std::optional<Dims>> out;
    if (auto all = offsets(s)) out.assign(all->begin(), all->end());
    return out;
  });
  op.kernel([offsets](KernelContext& k) {
    const auto all = offsets(k);
    if (!all) k.fail("the sizes are too many, or not int32 or int64");
    for (size_t i = 0; i < all->size(); ++i) {
      std::vector<int64_t> values;
      for (const Dim& dim : (*all)[i]) values.push_back(dim.value());
      write_ints(k, i, values);
    }
  });
  op.sample({scalar_i32(1), given_i32({2, 3, 4}), given_i32({2, 5, 4}), given_i32({2, 1, 4})});
  op.sample({scalar_i32(-1), given_i32({2, 3}), given_i32({2, 0})});
  op.sample({scalar_i32(0), given_i32({7}), given_i32({1})});
}
