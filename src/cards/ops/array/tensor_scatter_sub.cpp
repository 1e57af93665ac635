#include "cards/slice_index.h"

KERAFT_OP(tensor_scatter_sub) {
  op.tf("TensorScatterSub").about("a tensor with slices subtracted").fidelity(Fidelity::rounding);
  tensor_scatter(op, Reals{}, [](auto a, auto b) { return minus(a, b); });
}
