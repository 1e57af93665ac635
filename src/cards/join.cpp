#include "cards/join.h"

#include <algorithm>
#include <cstring>

namespace keraft::cards {
namespace {

/// Sizes before and behind an axis; behind counts bytes.
struct Around {
  int64_t outer = 1, inner;
  Around(const std::vector<int64_t>& dims, size_t axis, DType dtype) : inner(static_cast<int64_t>(size_of(dtype))) {
    for (size_t i = 0; i < dims.size(); ++i) {
      if (i < axis) outer *= dims[i];
      if (i > axis) inner *= dims[i];
    }
  }
};

void copy_rows(std::byte* to, int64_t to_step, const std::byte* from, int64_t from_step, int64_t row, int64_t rows) {
  if (row == 0) return;
  for (int64_t i = 0; i < rows; ++i) std::memcpy(to + i * to_step, from + i * from_step, static_cast<size_t>(row));
}

}  // namespace

void concat_shape(ShapeContext& s, size_t first, size_t count, size_t axis) {
  if (count == 0 || s.inputs() < 2) s.fail("needs tensors and an axis");
  const auto at = number(s, axis);
  Shape out;
  for (size_t i = first; i < first + count && at; ++i) {
    Shape in = s.shape(i);
    if (!in.has_rank()) return s.out(0, s.dtype(first), Shape());
    if (in.rank() == 0) s.fail("cannot join scalars");
    const size_t joined = s.axis(*at, in.rank());
    Dim size = in[joined];
    if (out.has_rank()) {
      if (out.rank() != in.rank()) s.fail("shapes " + out.text() + " and " + in.text() + " differ in rank");
      size = size + out[joined];
      in.dims()[joined] = out[joined];
    }
    out = unify(s, out, in);
    out.dims()[joined] = size;
  }
  if (!at && s.shape(first).has_rank()) out = unknown_dims(s, 0, s.shape(first).rank());
  s.out(0, s.dtype(first), out);
}

std::optional<Dims> concat_ints(const ShapeContext& s, size_t first, size_t count) {
  Dims out;
  for (size_t i = first; i < first + count; ++i) {
    if (!s.ints(i) || !s.shape(i).has_rank() || s.shape(i).rank() != 1) return std::nullopt;
    out.insert(out.end(), s.ints(i)->begin(), s.ints(i)->end());
  }
  return out;
}

void concat(KernelContext& k, size_t first, size_t count, size_t axis) {
  const size_t at = k.axis(ints_of(k, axis).at(0), k.array(first).dims.size());
  std::vector<int64_t> sizes;
  for (size_t i = first; i < first + count; ++i) {
    if (k.array(i).dtype != k.array(first).dtype) k.fail("the inputs have different types");
    sizes.push_back(k.array(i).dims.at(at));
  }
  join(k, first, count, at, sizes);
}

void join(KernelContext& k, size_t first, size_t count, size_t axis, const std::vector<int64_t>& sizes) {
  Array& out = k.result();
  const Around around(out.dims, axis, out.dtype);
  const int64_t step = out.dims[axis] * around.inner;
  std::vector<int64_t> starts;
  int64_t start = 0;
  for (const int64_t size : sizes) {
    starts.push_back(start);
    start += size * around.inner;
  }
  if (start != step) k.fail("the inputs' sizes do not add up");
  const int64_t rows = std::max<int64_t>(1, 262144 / std::max<int64_t>(1, step));
  k.kernels().threads().parallel_for(around.outer, rows, [&](int64_t begin, int64_t end) {
    for (size_t i = 0; i < count; ++i) {
      const int64_t row = sizes[i] * around.inner;
      copy_rows(out.data.get() + begin * step + starts[i], step, k.array(first + i).data.get() + begin * row, row, row,
                end - begin);
    }
  });
}

void cut(KernelContext& k, const Array& in, size_t axis, const std::vector<int64_t>& sizes) {
  const Around around(in.dims, axis, in.dtype);
  const int64_t step = in.dims[axis] * around.inner;
  int64_t start = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const int64_t row = sizes[i] * around.inner;
    if (start + row > step) k.fail("the parts are larger than the tensor");
    copy_rows(k.result(i).data.get(), row, in.data.get() + start, step, row, around.outer);
    start += row;
  }
}

}  // namespace keraft::cards
