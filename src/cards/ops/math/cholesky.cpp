#include <algorithm>
#include "cards/matrices.h"

KERAFT_OP(cholesky) {
  op.tf("Cholesky").about("the lower triangle whose product with its transpose is the matrix").fidelity(Fidelity::approximate);
  op.code("ops.cholesky({0})");
  op.in("input").out("output").attr("T");
  op.shape(square_shape);
  op.kernel([](KernelContext& k) {
    Array& out = k.result();
    const int64_t n = out.dims.back();
    each_matrix(k, false, [&](auto type, std::vector<double> matrix, int64_t m) {
      using T = decltype(type);
      if (!kernels::cholesky(matrix.data(), n)) k.fail("a matrix is not positive definite");
      std::transform(matrix.begin(), matrix.end(), out.as<T>() + m * n * n, [](double v) { return static_cast<T>(v); });
    });
  });
  op.sample({given<float>(DType::f32, {3, 3}, {4, 2, -1, 2, 5, 0.5F, -1, 0.5F, 3})});
  op.sample({given<double>(DType::f64, {2, 2, 2}, {4, 2, 2, 5, 1, 0.5, 0.5, 2})}, {{"T", DType::f64}});
  op.sample({dims({2, 0, 0})});
}
