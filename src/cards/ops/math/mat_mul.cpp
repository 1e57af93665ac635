#include "cards/code_guards.h"
#include "cards/matmul.h"
#include "cards/numeric.h"
#include "cards/shapes.h"

KERAFT_OP(mat_mul) {
  op.tf("MatMul").about("a matrix product").fidelity(Fidelity::approximate);
  op.tensorflow("tf.matmul({0}, {1}, transpose_a={transpose_a}, transpose_b={transpose_b})");
  op.code("ops.matmul({0}, {1})", {{"transpose_a", false}, {"transpose_b", false}});
  op.code_with([](CodeContext& k) { return matmul_code(k, k.flag("transpose_a"), k.flag("transpose_b")); });
  op.in("a")
      .in("b")
      .out("product")
      .attr("transpose_a", false)
      .attr("transpose_b", false)
      .attr("T")
      .attr("grad_a", false)
      .attr("grad_b", false);
  op.fuses(Fusion::product);
  op.shape([](ShapeContext& s) {
    need_rank(s, 0, 2);
    need_rank(s, 1, 2);
    matmul_shape(s, s.flag("transpose_a"), s.flag("transpose_b"));
  });
  op.kernel(with_halves([](KernelContext& k) { matmul(k, k.flag("transpose_a"), k.flag("transpose_b")); }));
  op.sample({dims({2, 3}), dims({3, 4})});
  op.sample({dims({3, 2}), dims({5, 3})}, {{"transpose_a", true}, {"transpose_b", true}});
  op.sample({dims({1, 130}), dims({130, 37})});
  op.sample({dims({0, 3}), dims({3, 4})});
  op.sample({dims({2, 0}), dims({0, 4})});
}
