// Indices of slices: the last axis of an index tensor counts into the first axes of another tensor.
#pragma once

#include <cstring>

#include "cards/numeric.h"
#include "cards/shapes.h"

namespace keraft::cards {

/// How many axes each index of input `i` counts into, where known; fails beyond `rank`.
std::optional<size_t> index_depth(const ShapeContext& s, size_t i, std::optional<size_t> rank);

/// The slice that each index of input `i` names, by its place among all slices of `dims`; fails outside.
std::vector<int64_t> slice_numbers(const KernelContext& k, size_t i, const std::vector<int64_t>& dims, size_t depth);

/// The number of elements of one slice.
int64_t slice_size(const std::vector<int64_t>& dims, size_t depth);

/// out[indices] = join(out[indices], updates), one index after the other. Fails unless the updates (input `u`) are as large as
/// the slices of output 0 that the indices (input `i`) name.
template <class... T, class Join>
void scatter(KernelContext& k, Array& out, size_t i, size_t u, Types<T...> types, Join join) {
  const Array& updates = k.array(u);
  const size_t depth = *index_depth(k, i, out.dims.size());
  const int64_t size = slice_size(out.dims, depth);
  const auto slices = slice_numbers(k, i, out.dims, depth);
  if (updates.dtype != out.dtype) k.fail("the updates have another type");
  if (updates.elements() != static_cast<int64_t>(slices.size()) * size)
    k.fail("the updates have shape " + Shape::of(updates.dims).text() + ", which is not what the indices name");
  dispatch(k, out.dtype, types, [&](auto type) {
    using V = decltype(type);
    const V* from = updates.as<V>();
    for (const int64_t slice : slices) {
      V* to = out.as<V>() + slice * size;
      for (int64_t j = 0; j < size; ++j, ++from) to[j] = static_cast<V>(join(to[j], *from));
    }
  });
}

/// Shape, kernel and samples of an op that changes slices of its first input.
template <class... T, class Join>
void tensor_scatter(OpCard& card, Types<T...> types, Join join) {
  card.in("tensor").in("indices").in("updates").out("output").attr("T").attr("Tindices").attr("bad_indices_policy", "");
  card.shape([](ShapeContext& s) {
    if (s.shape(0).has_rank()) index_depth(s, 1, s.shape(0).rank());
    s.same(0, 0);
  });
  card.kernel([types, join](KernelContext& k) {
    const Array& in = k.array(0);
    Array& out = k.in_place(0, 0);
    if (out.data != in.data) std::memcpy(out.data.get(), in.data.get(), in.bytes());
    scatter(k, out, 1, 2, types, join);
  });
  card.sample({dims({4, 3}), given<int32_t>(DType::i32, {3, 1}, {2, 0, 2}), dims({3, 3})});
  card.sample({dims({4, 3}), given<int32_t>(DType::i32, {2, 1, 2}, {1, 2, 3, 0}), dims({2, 1})});
  card.sample({dims({5}), given<int64_t>(DType::i64, {4, 1}, {0, 4, 3, 1}), dims({4})});
  card.sample({dims({2, 3}), given<int32_t>(DType::i32, {0, 1}, {}), dims({0, 3})});
}

}  // namespace keraft::cards
