#include "cards/slice_index.h"

KERAFT_OP(tensor_scatter_min) {
  op.tf("TensorScatterMin").about("a tensor with slices that win where they are smaller").fidelity(Fidelity::exact);
  tensor_scatter(op, Reals{}, [](auto a, auto b) { return smaller(a, b); });
}
