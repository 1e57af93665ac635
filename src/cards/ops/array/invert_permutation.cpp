#include "cards/ints.h"
#include "cards/numeric.h"

KERAFT_OP(invert_permutation) {
  op.tf("InvertPermutation").about("the permutation that undoes this one");
  op.tensorflow("tf.math.invert_permutation({0})");
  op.code("ops.argsort({0})", {{"T", DType::i32}});
  op.in("x").out("y").attr("T", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 1);
    s.same(0, 0);
  });
  const auto inverse = [](const ShapeContext& s, const std::vector<int64_t>& x) {
    std::vector<int64_t> y(x.size(), -1);
    for (size_t i = 0; i < x.size(); ++i) {
      if (x[i] < 0 || static_cast<size_t>(x[i]) >= x.size() || y[static_cast<size_t>(x[i])] >= 0)
        s.fail(std::to_string(x[i]) + " is outside of the permutation or comes twice");
      y[static_cast<size_t>(x[i])] = static_cast<int64_t>(i);
    }
    return y;
  };
  op.ints([inverse](const ShapeContext& s) -> std::optional<Dims> {
    const auto x = s.numbers(0);
    if (!x) return std::nullopt;
    const auto y = inverse(s, *x);
    return Dims(y.begin(), y.end());
  });
  op.kernel([inverse](KernelContext& k) { write_ints(k, 0, inverse(k, ints_of(k, 0))); });
  op.sample({given_i32({2, 0, 1, 3})});
  op.sample({given<int64_t>(DType::i64, {3}, {1, 2, 0})}, {{"T", DType::i64}});
  op.sample({given_i32(std::vector<int32_t>{})});
}
