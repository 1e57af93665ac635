#include <cmath>
#include "cards/xent.h"

KERAFT_OP(sparse_softmax_cross_entropy_with_logits) {
  op.tf("SparseSoftmaxCrossEntropyWithLogits")
      .about("cross entropy of the softmax of logits, and its gradient, for numbered classes")
      .fidelity(Fidelity::approximate);
  op.in("features").in("labels").out("loss").out("backprop").attr("T").attr("Tlabels", DType::i64);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 2);
    need_rank(s, 1, 1);
    s.out(0, s.dtype(0), s.shape(0).has_rank() ? unify(s, Shape{s.shape(0)[0]}, s.shape(1)) : s.shape(1));
    s.out(1, s.dtype(0), s.shape(0));
  });
  op.kernel(with_halves([](KernelContext& k) {
    const Array& x = k.array(0);
    const auto labels = ints_of(k, 1);
    const int64_t rows = x.dims[0], columns = x.dims[1];
    for (const int64_t label : labels) {
      if (label < 0 || label >= columns)
        k.fail("label " + std::to_string(label) + " is outside of 0…" + std::to_string(columns - 1));
    }
    dispatch(k, x.dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      cross_entropy(x.as<T>(), rows, columns, k.result(0).template as<T>(), k.result(1).template as<T>(),
                    [&](int64_t r, int64_t c) { return labels[static_cast<size_t>(r)] == c ? 1.0 : 0.0; });
    });
  }));
  op.sample({dims({2, 3}), given_i32({2, 0})}, {{"Tlabels", DType::i32}});
  op.sample({dims({4, 7}), given<int64_t>(DType::i64, {4}, {6, 1, 1, 3})});
  op.sample({dims({0, 3}), given<int64_t>(DType::i64, {0}, {})});
}
