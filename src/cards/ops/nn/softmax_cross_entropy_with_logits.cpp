#include <cmath>
#include "cards/xent.h"
#include "kernels/broadcast.h"

KERAFT_OP(softmax_cross_entropy_with_logits) {
  op.tf("SoftmaxCrossEntropyWithLogits")
      .about("cross entropy of the softmax of logits, and its gradient")
      .fidelity(Fidelity::approximate);
  op.in("features").in("labels").out("loss").out("backprop").attr("T");
  op.shape([](ShapeContext& s) {
    need_same_type(s);
    const Shape both = broadcast(s, s.shape(0), s.shape(1));
    if (both.has_rank() && both.rank() != 2) s.fail("needs rows of logits, not " + both.text());
    s.out(0, s.dtype(0), both.has_rank() ? Shape{both[0]} : Shape{unknown_dim(s, 0, 0)});
    s.out(1, s.dtype(0), both);
  });
  op.kernel(with_halves([](KernelContext& k) {
    const Array &x = k.array(0), &labels = k.array(1);
    Array &loss = k.result(0), &gradient = k.result(1);
    const int64_t rows = gradient.dims[0], columns = gradient.dims[1];
    dispatch(k, x.dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const auto spread = [&](const Array& in) {
        Array out = k.temporary(in.dtype, gradient.dims);
        kernels::broadcast<T, T>(k.kernels(), {in.as<T>(), in.dims}, {gradient.as<T>(), gradient.dims}, out.as<T>(),
                                 [](T a, T) { return a; });
        return out;
      };
      const Array logits = spread(x), wanted = spread(labels);
      cross_entropy(logits.as<T>(), rows, columns, loss.as<T>(), gradient.as<T>(),
                    [&](int64_t r, int64_t c) { return wanted.as<T>()[r * columns + c]; });
    });
  }));
  op.sample({dims({2, 3}), given<float>(DType::f32, {2, 3}, {0, 1, 0, 0.25F, 0.5F, 0.25F})});
  op.sample({dims({4, 5}), dims({4, 5})});
  op.sample({dims({3, 2}), dims({1, 2})});
  op.sample({dims({0, 3}), dims({0, 3})});
}
