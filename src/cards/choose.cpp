#include "cards/choose.h"

#include <cstring>

#include "kernels/move.h"

namespace keraft::cards {
namespace {

/// An array spread to the result's sizes.
Array spread(KernelContext& k, const Array& in, const std::vector<int64_t>& dims, const std::vector<int64_t>& to) {
  if (dims == to) return in;
  kernels::Strided what;
  what.dims = to;
  what.steps.assign(to.size(), 0);
  const auto steps = kernels::row_major(dims);
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] != 1) what.steps[i + to.size() - dims.size()] = steps[i];
  }
  Array out = k.temporary(in.dtype, to);
  kernels::copy_strided(k.kernels(), in.data.get(), out.data.get(), size_of(in.dtype), what);
  return out;
}

}  // namespace

void choose(KernelContext& k, const std::vector<int64_t>& condition) {
  if (k.array(0).dtype != DType::boolean) k.fail("the condition is not bool");
  if (k.array(1).dtype != k.array(2).dtype) k.fail("the inputs have different types");
  Array& out = k.result();
  const Array which = spread(k, k.array(0), condition, out.dims);
  const Array yes = spread(k, k.array(1), k.array(1).dims, out.dims);
  const Array no = spread(k, k.array(2), k.array(2).dims, out.dims);
  const size_t element = size_of(out.dtype);
  const auto* flags = which.as<uint8_t>();
  k.kernels().threads().parallel_for(out.elements(), 16384, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const size_t at = static_cast<size_t>(i) * element;
      std::memcpy(out.data.get() + at, (flags[i] ? yes : no).data.get() + at, element);
    }
  });
}

}  // namespace keraft::cards
