#include <cmath>
#include "cards/code_guards.h"
#include "cards/elementwise.h"

KERAFT_OP(approximate_equal) {
  op.tf("ApproximateEqual").about("whether |x - y| is below a tolerance").commutative();
  op.code("ops.less(ops.absolute(ops.subtract({0}, {1})), {tolerance})", {}, cards::reads_floats);
  op.in("x").in("y").out("z").attr("T").attr("tolerance", 1e-5);
  op.shape([](ShapeContext& s) {
    need_same_type(s);
    s.out(0, DType::boolean, unify(s, s.shape(0), s.shape(1)));
  });
  op.kernel([](KernelContext& k) {
    const Array &a = k.array(0), &b = k.array(1);
    dispatch(k, a.dtype, Reals{}, [&](auto type) {
      using T = decltype(type);
      const T tolerance = T(static_cast<float>(k.real("tolerance")));
      bool* out = k.result().as<bool>();
      for (int64_t i = 0; i < a.elements(); ++i) {
        const T difference = minus(a.as<T>()[i], b.as<T>()[i]);
        if constexpr (std::is_unsigned_v<T>)
          out[i] = difference < tolerance;
        else
          out[i] = (difference < T(0) ? minus(T(0), difference) : difference) < tolerance;
      }
    });
  });
  op.sample({dims({2, 3}), dims({2, 3})}, {{"tolerance", 2.0}});
  op.sample({given<float>(DType::f32, {3}, {1.0F, 2.0F, 3.0F}), given<float>(DType::f32, {3}, {1.000001F, 2.1F, 3.0F})});
  op.sample({dims({}), dims({})}, {{"tolerance", 10.0}});
  op.sample({dims({0}), dims({0})});
}
