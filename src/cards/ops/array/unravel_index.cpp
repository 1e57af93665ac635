#include "cards/ints.h"
#include "cards/numeric.h"

KERAFT_OP(unravel_index) {
  op.tf("UnravelIndex").about("places in a flat tensor as indices of its axes");
  op.in("indices").in("dims").out("output").attr("Tidx", DType::i32);
  op.shape([](ShapeContext& s) {
    need_rank(s, 1, 1);
    if (!s.shape(0).has_rank() || !s.shape(1).has_rank()) return s.out(0, s.dtype(0), Shape());
    if (s.shape(0).rank() > 1) s.fail("needs a number or a list, not " + s.shape(0).text());
    s.out(0, s.dtype(0), s.shape(0).rank() == 0 ? Shape{s.shape(1)[0]} : Shape{s.shape(1)[0], s.shape(0)[0]});
  });
  op.kernel([](KernelContext& k) {
    const auto places = ints_of(k, 0), sizes = ints_of(k, 1);
    const size_t count = places.size();
    std::vector<int64_t> out(sizes.size() * count);
    for (size_t i = 0; i < count; ++i) {
      int64_t left = places[i];
      for (size_t axis = sizes.size(); axis-- > 0;) {
        if (sizes[axis] <= 0) k.fail("a size is not above 0");
        out[axis * count + i] = left % sizes[axis];
        left /= sizes[axis];
      }
      if (places[i] < 0 || left != 0) k.fail("a place is outside of the tensor");
    }
    write_ints(k, 0, out);
  });
  op.sample({given_i32({2, 5, 7}), given_i32({3, 3})});
  op.sample({scalar_i32(22), given_i32({2, 3, 4})});
  op.sample({given<int64_t>(DType::i64, {2}, {0, 3}), given<int64_t>(DType::i64, {1}, {4})}, {{"Tidx", DType::i64}});
}
