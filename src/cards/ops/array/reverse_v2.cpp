#include "cards/flip.h"

KERAFT_OP(reverse_v2) {
  op.tf("ReverseV2").about("axes the other way round");
  op.tensorflow("tf.reverse({0}, {1})");
  op.code("ops.flip({0}, axis={1})");
  op.in("tensor").in("axis").out("output").attr("Tidx", DType::i32).attr("T");
  op.shape(like_input);
  op.kernel([](KernelContext& k) {
    std::vector<bool> turned(k.array(0).dims.size(), false);
    for (const int64_t axis : ints_of(k, 1)) {
      const size_t at = k.axis(axis, turned.size());
      if (turned[at]) k.fail("axis " + std::to_string(axis) + " comes twice");
      turned[at] = true;
    }
    flip(k, turned);
  });
  op.sample({dims({2, 3, 4}), given_i32({1})});
  op.sample({dims({2, 3, 4}), given_i32({-1, 0})});
  op.sample({dims({3}), given_i32(std::vector<int32_t>{})});
  op.sample({dims({0, 2}), given_i32({1})});
}
