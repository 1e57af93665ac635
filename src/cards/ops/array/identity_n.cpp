#include "cards/shapes.h"

KERAFT_OP(identity_n) {
  op.tf("IdentityN").about("its inputs").identity();
  op.in_list("input").out_list("output").attr("T");
  op.shape([](ShapeContext& s) {
    for (size_t i = 0; i < s.inputs(); ++i) s.same(i, i);
  });
  op.ints_list([](const ShapeContext& s) {
    std::vector<std::optional<Dims>> out;
    for (size_t i = 0; i < s.inputs(); ++i) out.push_back(s.ints(i));
    return out;
  });
  op.kernel([](KernelContext& k) {
    for (size_t i = 0; i < k.inputs(); ++i) k.alias(i, i);
  });
  op.sample({dims({2, 3}), dims({4})});
  op.sample({dims({})});
  op.sample({dims({1}), dims({2}), dims({0})});
}
