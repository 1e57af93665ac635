#include "cards/flip.h"

#include "kernels/move.h"

namespace keraft::cards {

void flip(KernelContext& k, const std::vector<bool>& turned) {
  const Array& in = k.array(0);
  Array& out = k.result();
  if (in.elements() == 0) return;
  kernels::Strided what;
  what.dims = in.dims;
  what.steps = kernels::row_major(in.dims);
  for (size_t axis = 0; axis < in.dims.size(); ++axis) {
    if (!turned[axis]) continue;
    what.offset += (in.dims[axis] - 1) * what.steps[axis];
    what.steps[axis] = -what.steps[axis];
  }
  kernels::copy_strided(k.kernels(), in.data.get(), out.data.get(), size_of(in.dtype), what);
}

}  // namespace keraft::cards
