#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(cross) {
  op.tf("Cross").about("products of vectors of 3 elements, at a right angle to both").fidelity(Fidelity::approximate);
  op.code("ops.cross({0}, {1})");
  op.in("a").in("b").out("product").attr("T");
  op.shape([](ShapeContext& s) {
    need_same_type(s);
    const Shape out = unify(s, s.shape(0), s.shape(1));
    if (out.has_rank() && (out.rank() == 0 || (out.dims().back().known() && !out.dims().back().is(3))))
      s.fail("needs vectors of 3, not " + out.text());
    s.out(0, s.dtype(0), out);
  });
  op.kernel([](KernelContext& k) {
    dispatch(k, k.array(0).dtype, Reals{}, [&](auto type) {
      using T = decltype(type);
      const T *a = k.array(0).as<T>(), *b = k.array(1).as<T>();
      T* y = k.result().as<T>();
      for (int64_t i = 0; i < k.array(0).elements(); i += 3) {
        for (int64_t c = 0; c < 3; ++c) {
          const int64_t p = i + (c + 1) % 3, q = i + (c + 2) % 3;
          y[i + c] = minus(times(a[p], b[q]), times(a[q], b[p]));
        }
      }
    });
  });
  op.sample({dims({3}), dims({3})});
  op.sample({dims({2, 4, 3}), dims({2, 4, 3})});
  op.sample({dims({0, 3}), dims({0, 3})});
}
