#include "cards/slice_index.h"

KERAFT_OP(tensor_scatter_add) {
  op.tf("TensorScatterAdd").about("a tensor with slices added").fidelity(Fidelity::rounding);
  tensor_scatter(op, Reals{}, [](auto a, auto b) { return plus(a, b); });
}
