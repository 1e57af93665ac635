#include "cards/flip.h"

KERAFT_OP(reverse) {
  op.tf("Reverse").about("axes the other way round, marked by truth values");
  op.in("tensor").in("dims").out("output").attr("T");
  op.shape(like_input);
  op.kernel([](KernelContext& k) {
    const Array& marks = k.array(1);
    if (marks.dtype != DType::boolean || marks.elements() != static_cast<int64_t>(k.array(0).dims.size()))
      k.fail("dims needs one truth value per axis");
    flip(k, std::vector<bool>(marks.as<bool>(), marks.as<bool>() + marks.elements()));
  });
  op.sample({dims({2, 3, 4}), given_bool({3}, {0, 1, 0})});
  op.sample({dims({2, 3}), given_bool({2}, {1, 1})});
  op.sample({dims({2, 0}), given_bool({2}, {1, 1})});
}
