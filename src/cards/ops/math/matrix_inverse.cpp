#include <algorithm>
#include "cards/matrices.h"

KERAFT_OP(matrix_inverse) {
  op.tf("MatrixInverse").about("the inverse of square matrices").fidelity(Fidelity::approximate);
  op.in("input").out("output").attr("adjoint", false).attr("T");
  op.shape(square_shape);
  op.kernel(with_halves([](KernelContext& k) {
    Array& out = k.result();
    const int64_t n = out.dims.back();
    each_matrix(k, k.flag("adjoint"), [&](auto type, std::vector<double> matrix, int64_t m) {
      const kernels::Factors factors(std::move(matrix), n);
      if (factors.singular()) k.fail("a matrix has no inverse");
      std::vector<double> inverse(static_cast<size_t>(n * n), 0);
      for (int64_t i = 0; i < n; ++i) inverse[static_cast<size_t>(i * (n + 1))] = 1;
      factors.solve(inverse.data(), n);
      std::transform(inverse.begin(), inverse.end(), out.as<decltype(type)>() + m * n * n,
                     [](double v) { return static_cast<decltype(type)>(v); });
    });
  }));
  op.sample({dims({3, 3})});
  op.sample({dims({2, 4, 4})}, {{"adjoint", true}});
  op.sample({dims({1, 1})});
  op.sample({dims({2, 0, 0})});
}
