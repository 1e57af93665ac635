#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(lin_space) {
  op.tf("LinSpace").about("numbers in equal steps from start to stop, both of them included").fidelity(Fidelity::rounding);
  op.in("start").in("stop").in("num").out("output").attr("T").attr("Tidx", DType::i32);
  op.shape([](ShapeContext& s) {
    for (size_t i = 0; i < 3; ++i) need_rank(s, i, 0);
    const auto& count = s.ints(2);
    if (count && count->front().known() && count->front().value() <= 0) s.fail("num is not above 0");
    s.out(0, s.dtype(0), Shape{count ? count->front() : unknown_dim(s, 0, 0)});
  });
  op.kernel([](KernelContext& k) {
    Array& out = k.result();
    dispatch(k, k.array(0).dtype, Floats{}, [&](auto type) {
      using T = decltype(type);
      const T start = *k.array(0).as<T>(), stop = *k.array(1).as<T>();
      const int64_t count = out.elements();
      const T step = count > 1 ? (stop - start) / static_cast<T>(count - 1) : T(0);
      for (int64_t i = 0; i < count; ++i) out.as<T>()[i] = start + step * static_cast<T>(i);
      if (count > 1) out.as<T>()[count - 1] = stop;
    });
  });
  op.sample({dims({}), dims({}), scalar_i32(5)});
  op.sample({dims({}), dims({}), scalar_i32(1)});
  op.sample({dims({}), dims({}), given<int64_t>(DType::i64, {}, {17})}, {{"Tidx", DType::i64}});
}
