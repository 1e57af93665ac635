#include <algorithm>
#include "cards/matrices.h"

KERAFT_OP(matrix_determinant) {
  op.tf("MatrixDeterminant").about("the determinant of square matrices").fidelity(Fidelity::approximate);
  op.code("ops.det({0})");
  op.in("input").out("output").attr("T");
  op.shape([](ShapeContext& s) {
    if (!s.shape(0).has_rank()) return s.out(0, s.dtype(0), Shape());
    square(s);
    s.out(0, s.dtype(0), Dims(s.shape(0).dims().begin(), s.shape(0).dims().end() - 2));
  });
  op.kernel([](KernelContext& k) {
    Array& out = k.result();
    const int64_t n = k.array(0).dims.back();
    if (n == 0) {
      dispatch(k, out.dtype, Floats{},
               [&](auto type) { std::fill_n(out.as<decltype(type)>(), out.elements(), decltype(type)(1)); });
    }
    each_matrix(k, false, [&](auto type, std::vector<double> matrix, int64_t m) {
      out.as<decltype(type)>()[m] = static_cast<decltype(type)>(kernels::Factors(std::move(matrix), n).determinant());
    });
  });
  op.sample({dims({3, 3})});
  op.sample({dims({2, 4, 4})});
  op.sample({given<float>(DType::f32, {2, 2}, {1, 2, 2, 4})});
  op.sample({dims({2, 0, 0})});
}
