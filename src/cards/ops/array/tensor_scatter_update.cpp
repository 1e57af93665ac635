#include "cards/slice_index.h"

KERAFT_OP(tensor_scatter_update) {
  op.tf("TensorScatterUpdate").about("a tensor with slices replaced").fidelity(Fidelity::exact);
  op.code("ops.scatter_update({0}, {1}, {2})");
  tensor_scatter(op, Reals{} + Types<Boolean>{}, [](auto, auto b) { return b; });
}
