#include <algorithm>
#include "cards/matrices.h"

KERAFT_OP(matrix_solve) {
  op.tf("MatrixSolve").about("the x with matrix · x = rhs").fidelity(Fidelity::approximate);
  op.in("matrix").in("rhs").out("output").attr("adjoint", false).attr("T");
  op.shape([](ShapeContext& s) {
    need_same_type(s);
    const Shape &matrix = s.shape(0), &rhs = s.shape(1);
    if (matrix.has_rank() && rhs.has_rank()) {
      square(s);
      if (rhs.rank() < 2) s.fail("needs matrices, not " + rhs.text());
      unify(s, Dims(matrix.dims().begin(), matrix.dims().end() - 1), Dims(rhs.dims().begin(), rhs.dims().end() - 1));
    }
    s.same(0, 1);
  });
  op.kernel([](KernelContext& k) {
    const Array& rhs = k.array(1);
    Array& out = k.result();
    const int64_t n = k.array(0).dims.back(), columns = rhs.dims.back();
    each_matrix(k, k.flag("adjoint"), [&](auto type, std::vector<double> matrix, int64_t m) {
      using T = decltype(type);
      const kernels::Factors factors(std::move(matrix), n);
      if (factors.singular() && columns > 0) k.fail("a matrix is singular");
      const T* from = rhs.as<T>() + m * n * columns;
      std::vector<double> x(from, from + n * columns);
      factors.solve(x.data(), columns);
      std::transform(x.begin(), x.end(), out.as<T>() + m * n * columns, [](double v) { return static_cast<T>(v); });
    });
  });
  op.sample({dims({3, 3}), dims({3, 2})});
  op.sample({dims({2, 4, 4}), dims({2, 4, 1})}, {{"adjoint", true}});
  op.sample({dims({1, 1}), dims({1, 5})});
  op.sample({dims({2, 2}), dims({2, 0})});
}
