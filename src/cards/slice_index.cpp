#include "cards/slice_index.h"

namespace keraft::cards {

std::optional<size_t> index_depth(const ShapeContext& s, size_t i, std::optional<size_t> rank) {
  const Shape& indices = s.shape(i);
  if (!indices.has_rank()) return std::nullopt;
  if (indices.rank() == 0) s.fail("the indices need an axis");
  const Dim& depth = indices[indices.rank() - 1];
  if (!depth.known()) return std::nullopt;
  if (depth.value() < 0 || (rank && static_cast<size_t>(depth.value()) > *rank))
    s.fail("indices " + indices.text() + " count into more axes than there are");
  return static_cast<size_t>(depth.value());
}

std::vector<int64_t> slice_numbers(const KernelContext& k, size_t i, const std::vector<int64_t>& dims, size_t depth) {
  const auto indices = ints_of(k, i);
  const auto& shape = k.array(i).dims;
  const size_t count = static_cast<size_t>(element_count({shape.begin(), shape.end() - 1}));
  std::vector<int64_t> out(count, 0);
  for (size_t n = 0; n < count; ++n) {
    for (size_t axis = 0; axis < depth; ++axis) {
      const int64_t index = indices[n * depth + axis];
      if (index < 0 || index >= dims[axis])
        k.fail("index " + std::to_string(index) + " is outside of axis " + std::to_string(axis) + " of " +
               Shape::of(dims).text());
      out[n] = out[n] * dims[axis] + index;
    }
  }
  return out;
}

int64_t slice_size(const std::vector<int64_t>& dims, size_t depth) {
  int64_t out = 1;
  for (size_t axis = depth; axis < dims.size(); ++axis) out *= dims[axis];
  return out;
}

}  // namespace keraft::cards
