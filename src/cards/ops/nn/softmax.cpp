#include "kernels/softmax.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(softmax) {
  op.tf("Softmax").about("exp(x) divided by its sum over the last axis").fidelity(Fidelity::approximate);
  op.code("ops.softmax({0}, axis=-1)");
  op.in("logits").out("softmax").attr("T");
  op.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank() && s.shape(0).rank() == 0) s.fail("needs an axis");
    s.same(0, 0);
  });
  op.kernel(with_halves([](KernelContext& k) {
    const Array& in = k.array(0);
    const int64_t columns = in.dims.back(), rows = columns == 0 ? 0 : in.elements() / columns;
    dispatch(k, in.dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const T* x = in.as<T>();
      kernels::softmax(k.kernels(), x, k.in_place(0, 0).template as<T>(), rows, columns);
    });
  }));
  op.sample({dims({2, 3})});
  op.sample({dims({2, 3, 5})});
  op.sample({dims({4, 1})});
  op.sample({dims({1, 33})});
}
