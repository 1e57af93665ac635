#include "cards/diagonal.h"

KERAFT_OP(diag) {
  op.tf("Diag").about("zeros with these elements where the first half of the indices is the second");
  op.in("diagonal").out("output").attr("T");
  op.shape([](ShapeContext& s) {
    if (!s.shape(0).has_rank()) return s.out(0, s.dtype(0), Shape());
    Dims out = s.shape(0).dims();
    if (out.empty()) s.fail("needs an axis");
    out.insert(out.end(), s.shape(0).dims().begin(), s.shape(0).dims().end());
    s.out(0, s.dtype(0), out);
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    fill_result(k, {});
    const int64_t n = in.elements();
    const size_t element = size_of(in.dtype);
    for (int64_t i = 0; i < n; ++i) {
      std::copy_n(in.data.get() + static_cast<size_t>(i) * element, element,
                  k.result().data.get() + static_cast<size_t>(i * (n + 1)) * element);
    }
  });
  op.sample({dims({4})});
  op.sample({dims({2, 3})});
  op.sample({dims({0})});
}
