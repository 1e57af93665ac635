#include <set>
#include "cards/ints.h"
#include "cards/numeric.h"

KERAFT_OP(list_diff) {
  op.tf("ListDiff").about("the elements of x that are not in y, and where they stand");
  op.in("x").in("y").out("out").out("idx").attr("T").attr("out_idx", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 1);
    need_rank(s, 1, 1);
    need_same_type(s);
    s.out(0, s.dtype(0), Shape{unknown_dim(s, 0, 0)});
    s.out(1, s.type("out_idx"), Shape{unknown_dim(s, 0, 0)});
  });
  op.kernel([](KernelContext& k) {
    const Array &x = k.array(0), &y = k.array(1);
    dispatch(k, x.dtype, Reals{}, [&](auto type) {
      using T = decltype(type);
      const std::set<T> gone(y.as<T>(), y.as<T>() + y.elements());
      std::vector<int64_t> at;
      for (int64_t i = 0; i < x.elements(); ++i) {
        if (!gone.contains(x.as<T>()[i])) at.push_back(i);
      }
      const auto count = static_cast<int64_t>(at.size());
      T* out = k.result(0, {count}).template as<T>();
      for (const int64_t i : at) *out++ = x.as<T>()[i];
      k.result(1, {count});
      write_ints(k, 1, at);
    });
  });
  op.sample({given_i32({1, 2, 3, 4, 2}), given_i32({2, 9})}, {{"T", DType::i32}});
  op.sample({dims({4}), dims({0})}, {{"out_idx", DType::i64}});
  op.sample({given<float>(DType::f32, {3}, {0.5F, 1.0F, 0.5F}), given<float>(DType::f32, {1}, {0.5F})});
}
