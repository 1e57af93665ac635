#include "cards/softmax.h"

#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/softmax.h"

namespace keraft::cards {

void softmax_card(OpCard& op, bool log) {
  op.in("logits").out(log ? "logsoftmax" : "softmax").attr("T").fidelity(Fidelity::approximate);
  op.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank() && s.shape(0).rank() == 0) s.fail("needs an axis");
    s.same(0, 0);
  });
  op.kernel(with_halves([log](KernelContext& k) {
    const Array& in = k.array(0);
    const int64_t columns = in.dims.back(), rows = columns == 0 ? 0 : in.elements() / columns;
    dispatch(k, in.dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const T* x = in.as<T>();
      T* y = k.in_place(0, 0).template as<T>();
      log ? kernels::log_softmax(k.kernels(), x, y, rows, columns) : kernels::softmax(k.kernels(), x, y, rows, columns);
    });
  }));
  op.sample({dims({2, 3})});
  op.sample({dims({2, 3, 5})});
  op.sample({dims({4, 1})});
  op.sample({dims({1, 33})});
}

}  // namespace keraft::cards
