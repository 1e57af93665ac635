#include "cards/ints.h"
#include "cards/shapes.h"

KERAFT_OP(shape_n) {
  op.tf("ShapeN").about("the sizes of its inputs");
  op.in_list("input").out_list("output").attr("N").attr("T").attr("out_type", DType::i32);
  op.shape([](ShapeContext& s) {
    for (size_t i = 0; i < s.inputs(); ++i) {
      s.out(i, s.type("out_type"),
            s.shape(i).has_rank() ? Shape{Dim(static_cast<int64_t>(s.shape(i).rank()))} : Shape{unknown_dim(s, i, 0)});
    }
  });
  op.ints_list([](const ShapeContext& s) {
    std::vector<std::optional<Dims>> out(s.inputs());
    for (size_t i = 0; i < s.inputs(); ++i) {
      if (s.shape(i).has_rank()) out[i] = s.shape(i).dims();
    }
    return out;
  });
  op.kernel([](KernelContext& k) {
    for (size_t i = 0; i < k.inputs(); ++i) write_ints(k, i, k.array(i).dims);
  });
  op.sample({dims({2, 3}), dims({4})});
  op.sample({dims({})});
  op.sample({dims({1, 5, 2})}, {{"out_type", DType::i64}});
}
