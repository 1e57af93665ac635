#include "cards/code_guards.h"
#include "cards/matmul.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(batch_mat_mul_v2) {
  op.tf("BatchMatMulV2").about("products of matrices in the last two axes").fidelity(Fidelity::approximate);
  op.code("ops.matmul({0}, {1})", {{"adj_x", false}, {"adj_y", false}});
  op.code_with([](CodeContext& k) { return matmul_code(k, k.flag("adj_x"), k.flag("adj_y")); });
  op.in("x")
      .in("y")
      .out("output")
      .attr("T")
      .attr("adj_x", false)
      .attr("adj_y", false)
      .attr("grad_x", false)
      .attr("grad_y", false);
  op.shape([](ShapeContext& s) { matmul_shape(s, s.flag("adj_x"), s.flag("adj_y")); });
  op.kernel(with_halves([](KernelContext& k) { matmul(k, k.flag("adj_x"), k.flag("adj_y")); }));
  op.sample({dims({2, 2, 3}), dims({2, 3, 4})});
  op.sample({dims({3, 1, 3, 2}), dims({3, 2, 5, 3})}, {{"adj_x", true}, {"adj_y", true}});
  op.sample({dims({5, 3}), dims({3, 2})});
}
