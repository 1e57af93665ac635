#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(l2_loss) {
  op.tf("L2Loss").about("half the sum of the squares").fidelity(Fidelity::approximate);
  op.tensorflow("tf.nn.l2_loss({0})");
  op.code("ops.multiply(ops.sum(ops.square({0})), 0.5)");
  op.in("t").out("output").attr("T");
  op.shape([](ShapeContext& s) { s.out(0, s.dtype(0), Shape::of({})); });
  op.kernel(with_halves([](KernelContext& k) {
    dispatch(k, k.array(0).dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const Array& t = k.array(0);
      double sum = 0;
      for (int64_t i = 0; i < t.elements(); ++i) {
        const auto value = static_cast<double>(t.as<T>()[i]);
        sum += value * value;
      }
      *k.result().as<T>() = static_cast<T>(sum / 2);
    });
  }));
  op.sample({dims({2, 3})});
  op.sample({dims({})});
  op.sample({dims({0})});
  op.sample({dims({3, 1, 5})});
}
