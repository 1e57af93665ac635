#include "cards/gather.h"

#include "kernels/move.h"

namespace keraft::cards {
namespace {

size_t batch_axes(const ShapeContext& s, int64_t batch_dims, size_t axis, size_t index_rank) {
  const auto rank = static_cast<int64_t>(index_rank);
  if (batch_dims < 0) batch_dims += rank;
  if (batch_dims < 0 || batch_dims > rank || static_cast<size_t>(batch_dims) > axis) {
    s.fail("batch_dims " + std::to_string(batch_dims) + " is outside of the indices' rank or behind the axis");
  }
  return static_cast<size_t>(batch_dims);
}

}  // namespace

void gather_shape(ShapeContext& s, int64_t axis, int64_t batch_dims) {
  const Shape &params = s.shape(0), &indices = s.shape(1);
  if (!params.has_rank() || !indices.has_rank()) return s.out(0, s.dtype(0), Shape());
  const size_t at = s.axis(axis, params.rank());
  const size_t batch = batch_axes(s, batch_dims, at, indices.rank());
  Dims out(params.dims().begin(), params.dims().begin() + static_cast<std::ptrdiff_t>(at));
  for (size_t i = 0; i < batch; ++i) {
    if (out[i].known() && indices[i].known() && out[i] != indices[i])
      s.fail("batch sizes of " + params.text() + " and " + indices.text() + " differ");
    if (!out[i].known()) out[i] = indices[i];
  }
  out.insert(out.end(), indices.dims().begin() + static_cast<std::ptrdiff_t>(batch), indices.dims().end());
  out.insert(out.end(), params.dims().begin() + static_cast<std::ptrdiff_t>(at) + 1, params.dims().end());
  s.out(0, s.dtype(0), out);
}

std::optional<Dims> gather_ints(const ShapeContext& s, std::optional<int64_t> axis) {
  const auto indices = s.numbers(1);
  if (!s.ints(0) || !indices || !axis || s.shape(0).rank() != 1 || s.shape(1).rank() > 1) return std::nullopt;
  Dims out;
  for (const int64_t index : *indices) {
    if (index < 0 || static_cast<size_t>(index) >= s.ints(0)->size())
      s.fail("index " + std::to_string(index) + " is outside of " + s.shape(0).text());
    out.push_back((*s.ints(0))[static_cast<size_t>(index)]);
  }
  return out;
}

void gather(KernelContext& k, int64_t axis, int64_t batch_dims) {
  const Array& in = k.array(0);
  const size_t at = k.axis(axis, in.dims.size());
  const size_t batch = batch_axes(k, batch_dims, at, k.array(1).dims.size());
  const auto indices = ints_of(k, 1);
  const int64_t size = in.dims[at];
  for (const int64_t index : indices) {
    if (index < 0 || index >= size) k.fail("index " + std::to_string(index) + " is outside of 0…" + std::to_string(size - 1));
  }
  int64_t batches = 1, outer = 1, row = static_cast<int64_t>(size_of(in.dtype));
  for (size_t i = 0; i < in.dims.size(); ++i) {
    if (i < batch)
      batches *= in.dims[i];
    else if (i < at)
      outer *= in.dims[i];
    else if (i > at)
      row *= in.dims[i];
  }
  Array& out = k.result();
  if (batches == 0 || out.elements() == 0) return;
  const size_t count = indices.size() / static_cast<size_t>(batches);
  for (int64_t b = 0; b < batches; ++b) {
    kernels::gather_rows(k.kernels(), in.data.get() + b * outer * size * row,
                         out.data.get() + b * outer * static_cast<int64_t>(count) * row, outer, size, row,
                         std::span(indices).subspan(static_cast<size_t>(b) * count, count));
  }
}

}  // namespace keraft::cards
