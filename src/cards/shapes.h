// Shape rules that several op cards share. All work on symbols and on numbers.
#pragma once

#include "cards/op_card.h"

namespace keraft::cards {

/// Sizes as a sample's input or attribute.
inline Value dims(const std::vector<int64_t>& values) { return Value::ints(values); }
/// Given numbers as a sample's input.
template <class T>
Value given(DType dtype, std::vector<int64_t> sizes, const std::vector<T>& values) {
  return make_tensor<T>(dtype, std::move(sizes), std::span<const T>(values));
}
Value given_i32(const std::vector<int32_t>& values);  ///< rank 1
Value scalar_i32(int32_t value);
Value given_bool(std::vector<int64_t> sizes, const std::vector<int>& values);

/// A name for a size that only running tells.
Dim unknown_dim(const ShapeContext& s, size_t port, size_t axis);
/// `rank` unknown sizes.
Shape unknown_dims(const ShapeContext& s, size_t port, size_t rank);

/// The result of NumPy broadcasting; fails when numbers disagree.
Shape broadcast(const ShapeContext& s, const Shape& a, const Shape& b);
/// Two shapes of the same tensor: numbers win over symbols; fails when they contradict each other.
Shape unify(const ShapeContext& s, const Shape& a, const Shape& b);
/// Fails unless the rank is unknown or this.
void need_rank(const ShapeContext& s, size_t i, size_t rank);
/// The product of the sizes.
Dim product(const Dims& dims);
/// Fails when a known size is negative.
void need_sizes(const ShapeContext& s, const Dims& dims);

/// Output 0 is like input 0.
void like_input(ShapeContext& s);
/// Fails when inputs 0 and 1 are of different known types.
void need_same_type(const ShapeContext& s);
/// Output 0 is the broadcast of inputs 0 and 1, of dtype 0.
void like_both(ShapeContext& s);

/// Reads the axis of input `i`, which must be one number; nothing where it is unknown.
std::optional<int64_t> number(const ShapeContext& s, size_t i);

}  // namespace keraft::cards
