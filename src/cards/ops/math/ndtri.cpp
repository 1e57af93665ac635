#include "cards/elementwise.h"
#include "cards/shapes.h"
#include "kernels/special.h"

KERAFT_OP(ndtri) {
  op.tf("Ndtri").about("the quantile of the normal distribution").fidelity(Fidelity::approximate);
  op.in("x").out("y").attr("T");
  unary(op, Types<float, double>{}, [](auto x) { return kernels::normal_quantile(x); });
  op.sample({given<float>(DType::f32, {6}, {0.5F, 0.1F, 0.975F, 1e-6F, 1.0F, 0.0F})});
}
