#include "cards/diagonal.h"

KERAFT_OP(diag_part) {
  op.tf("DiagPart").about("the elements where the first half of the indices is the second");
  op.in("input").out("diagonal").attr("T");
  op.shape([](ShapeContext& s) {
    const Shape& in = s.shape(0);
    if (!in.has_rank()) return s.out(0, s.dtype(0), Shape());
    if (in.rank() == 0 || in.rank() % 2 != 0) s.fail("needs an even number of axes, not " + in.text());
    const auto half = in.dims().begin() + static_cast<std::ptrdiff_t>(in.rank() / 2);
    s.out(0, s.dtype(0), unify(s, Dims(in.dims().begin(), half), Dims(half, in.dims().end())));
  });
  op.kernel([](KernelContext& k) {
    const Array& in = k.array(0);
    Array& out = k.result();
    const int64_t n = out.elements();
    const size_t element = size_of(in.dtype);
    for (int64_t i = 0; i < n; ++i) {
      std::copy_n(in.data.get() + static_cast<size_t>(i * (n + 1)) * element, element,
                  out.data.get() + static_cast<size_t>(i) * element);
    }
  });
  op.sample({dims({4, 4})});
  op.sample({dims({2, 3, 2, 3})});
  op.sample({dims({0, 0})});
}
