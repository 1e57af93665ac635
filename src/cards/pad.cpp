#include "cards/pad.h"

#include <cstring>

#include "cards/numeric.h"
#include "kernels/move.h"

namespace keraft::cards {

void padded_shape(ShapeContext& s) {
  need_rank(s, 1, 2);
  const Shape &in = s.shape(0), &pads = s.shape(1);
  const auto& amounts = s.ints(1);
  if (pads.has_rank() && pads[1].known() && !pads[1].is(2)) s.fail("paddings has shape " + pads.text() + ", needs two columns");
  if (!in.has_rank()) {
    const bool counted = pads.has_rank() && pads[0].known() && pads[0].value() >= 0 && pads[0].value() <= 32;
    return s.out(0, s.dtype(0), counted ? unknown_dims(s, 0, static_cast<size_t>(pads[0].value())) : Shape());
  }
  if (!amounts) return s.out(0, s.dtype(0), unknown_dims(s, 0, in.rank()));
  if (amounts->size() != 2 * in.rank()) s.fail("paddings has shape " + pads.text() + " for a tensor " + in.text());
  need_sizes(s, *amounts);
  Dims out;
  for (size_t i = 0; i < in.rank(); ++i) out.push_back((*amounts)[2 * i] + in[i] + (*amounts)[2 * i + 1]);
  s.out(0, s.dtype(0), out);
}

void pad(KernelContext& k, const std::byte* value) {
  const Array& in = k.array(0);
  Array& out = k.result();
  const auto pads = ints_of(k, 1);
  const std::byte zero[16] = {};
  kernels::fill(out.data.get(), out.elements(), value ? value : zero, size_of(out.dtype));
  kernels::Strided what;
  what.dims = in.dims;
  what.steps = kernels::row_major(out.dims);
  for (size_t i = 0; i < in.dims.size(); ++i) what.offset += pads[2 * i] * what.steps[i];
  kernels::write_strided(k.kernels(), in.data.get(), out.data.get(), size_of(in.dtype), what);
}

void mirror_pad(KernelContext& k, int64_t skip) {
  const auto pads = ints_of(k, 1);
  const size_t rank = k.array(0).dims.size(), element = size_of(k.array(0).dtype);
  Array now = k.array(0);
  // One axis after the other: each is a gather of rows whose indices fold back at the edges.
  for (size_t axis = 0; axis < rank; ++axis) {
    const int64_t before = pads[2 * axis], after = pads[2 * axis + 1], size = now.dims[axis];
    if (before == 0 && after == 0) continue;
    std::vector<int64_t> index;
    for (int64_t i = -before; i < size + after; ++i) {
      const int64_t at = i < 0 ? -i - 1 + skip : i >= size ? 2 * size - 1 - skip - i : i;
      if (at < 0 || at >= size) k.fail("pads more than there is to mirror");
      index.push_back(at);
    }
    std::vector<int64_t> dims = now.dims;
    dims[axis] = static_cast<int64_t>(index.size());
    Array next = k.temporary(now.dtype, dims);
    int64_t outer = 1, row = static_cast<int64_t>(element);
    for (size_t i = 0; i < rank; ++i) (i < axis ? outer : row) *= i == axis ? 1 : dims[i];
    kernels::gather_rows(k.kernels(), now.data.get(), next.data.get(), outer, size, row, index);
    now = std::move(next);
  }
  (*k.call().out)[0] = std::move(now);
}

}  // namespace keraft::cards
