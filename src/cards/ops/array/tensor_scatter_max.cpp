#include "cards/slice_index.h"

KERAFT_OP(tensor_scatter_max) {
  op.tf("TensorScatterMax").about("a tensor with slices that win where they are larger").fidelity(Fidelity::exact);
  tensor_scatter(op, Reals{}, [](auto a, auto b) { return larger(a, b); });
}
