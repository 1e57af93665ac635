#include "cards/matrices.h"

KERAFT_OP(matrix_triangular_solve) {
  op.tf("MatrixTriangularSolve")
      .about("the x with matrix · x = rhs, of whose matrix one triangle counts")
      .fidelity(Fidelity::approximate);
  op.in("matrix").in("rhs").out("output").attr("lower", true).attr("adjoint", false).attr("T");
  op.shape([](ShapeContext& s) {
    need_same_type(s);
    const Shape &matrix = s.shape(0), &rhs = s.shape(1);
    if (!matrix.has_rank() || !rhs.has_rank()) return s.out(0, s.dtype(0), Shape());
    const Dim n = square(s);
    if (rhs.rank() < 2) s.fail("needs matrices, not " + rhs.text());
    Dims out =
        broadcast(s, Dims(matrix.dims().begin(), matrix.dims().end() - 2), Dims(rhs.dims().begin(), rhs.dims().end() - 2))
            .dims();
    out.push_back(unify(s, Shape{n}, Shape{rhs[rhs.rank() - 2]})[0]);
    out.push_back(rhs[rhs.rank() - 1]);
    s.out(0, s.dtype(0), out);
  });
  op.kernel([](KernelContext& k) {
    const Array& rhs = k.array(1);
    Array& out = k.result();
    if (rhs.dims != out.dims || k.array(0).dims.size() != out.dims.size()) k.fail("has no kernel for broadcast matrices");
    const bool adjoint = k.flag("adjoint"), lower = k.flag("lower") != adjoint;
    const int64_t n = k.array(0).dims.back(), columns = rhs.dims.back();
    each_matrix(k, adjoint, [&](auto type, std::vector<double> matrix, int64_t m) {
      using T = decltype(type);
      const T* from = rhs.as<T>() + m * n * columns;
      T* to = out.as<T>() + m * n * columns;
      std::vector<double> x(static_cast<size_t>(n));
      for (int64_t c = 0; c < columns; ++c) {
        for (int64_t step = 0; step < n; ++step) {
          const int64_t i = lower ? step : n - 1 - step;
          double sum = static_cast<double>(from[i * columns + c]);
          for (int64_t j = lower ? 0 : i + 1; j < (lower ? i : n); ++j)
            sum -= matrix[static_cast<size_t>(i * n + j)] * x[static_cast<size_t>(j)];
          x[static_cast<size_t>(i)] = sum / matrix[static_cast<size_t>(i * n + i)];
          to[i * columns + c] = static_cast<T>(x[static_cast<size_t>(i)]);
        }
      }
    });
  });
  op.sample({dims({3, 3}), dims({3, 2})});
  op.sample({dims({2, 4, 4}), dims({2, 4, 1})}, {{"adjoint", true}});
  op.sample({dims({3, 3}), dims({3, 1})}, {{"lower", false}});
}
