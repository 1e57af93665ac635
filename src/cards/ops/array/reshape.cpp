#include "cards/shapes.h"

namespace keraft::cards {
namespace {

Shape reshaped_to(const ShapeContext& s, const Shape& in, const Dims& target) {
  Dims out = target;
  std::optional<size_t> open;
  Dim given = 1;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i].is(-1)) {
      if (open) s.fail("two sizes are -1");
      open = i;
    } else {
      given = given * out[i];
    }
  }
  Dims rest = out;
  if (open) rest[*open] = 0;
  need_sizes(s, rest);
  if (!in.has_rank()) {
    if (open) out[*open] = unknown_dim(s, 0, *open);
    return out;
  }
  const Dim all = product(in.dims());
  if (open) {
    if (given.is(0)) s.fail("-1 beside a size of 0");
    const auto exact = all.exact_div(given);
    if (!exact && all.known() && given.known()) s.fail("cannot give " + Shape(target).text() + " to " + in.text());
    out[*open] = exact ? *exact : all.floor_div(given);
  } else if (all.known() && given.known() && all != given) {
    s.fail("cannot give " + Shape(target).text() + " to " + in.text());
  }
  return out;
}

}  // namespace
}  // namespace keraft::cards

KERAFT_OP(reshape) {
  op.tf("Reshape").about("the same elements under other sizes");
  op.tensorflow("tf.reshape({0}, {1})");
  op.code("ops.reshape({0}, newshape={1})");
  op.in("tensor").in("shape").out("output").attr("T").attr("Tshape", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    const auto& target = s.ints(1);
    if (!target) {
      const Shape& given = s.shape(1);
      const bool ranked = given.has_rank() && given[0].known() && given[0].value() >= 0 && given[0].value() <= 32;
      s.out(0, s.dtype(0), ranked ? unknown_dims(s, 0, static_cast<size_t>(given[0].value())) : Shape());
      return;
    }
    s.out(0, s.dtype(0), reshaped_to(s, s.shape(0), *target));
  });
  op.ints([](const ShapeContext& s) { return s.ints(0); });
  op.kernel([](KernelContext& k) { k.alias(0, 0); });
  op.sample({dims({2, 6}), given_i32({3, 4})});
  op.sample({dims({2, 6}), given_i32({-1, 2, 3})});
  op.sample({dims({}), given_i32({1, 1})});
  op.sample({dims({1}), given_i32(std::vector<int32_t>{})});
  op.sample({dims({0, 4}), given_i32({-1, 2})});
}
