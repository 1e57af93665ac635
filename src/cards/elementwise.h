// Cards of one or two tensors, element by element.
#pragma once

#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/binary.h"
#include "kernels/map.h"

namespace keraft::cards {

/// Shape and kernel of y = op(x) for floats. The op's parameter a is the attribute of this name, else the number.
void mapped(OpCard& card, kernels::UnaryOp op, const std::string& attribute = {}, double a = 0);

/// The same; `f` computes the other types.
template <class... T, class F>
void mapped(OpCard& card, kernels::UnaryOp op, Types<T...> others, F f) {
  mapped(card, op);
  card.kernel([floats = card.kernel_fn, others, f](KernelContext& k) {
    if (is_floating(k.array(0).dtype)) return floats(k);
    const Array& in = k.array(0);
    dispatch(k, in.dtype, others, [&](auto type) {
      using V = decltype(type);
      const V* x = in.as<V>();
      V* y = k.in_place(0, 0).template as<V>();
      const int64_t n = in.elements();
      for (int64_t i = 0; i < n; ++i) y[i] = static_cast<V>(f(x[i]));
    });
  });
}

/// Shape and kernel of z = x op y, broadcast, for all numbers.
void binary(OpCard& card, kernels::BinaryOp op);
/// z is bool; x and y are numbers, or bool for equal and not_equal.
void comparison(OpCard& card, kernels::CompareOp op);
void logical(OpCard& card, kernels::LogicalOp op);

/// Sizes computed element by element, with scalars broadcast.
template <class F>
OpCard::IntsFn binary_ints(F f) {
  return [f](const ShapeContext& s) -> std::optional<Dims> {
    const auto &a = s.ints(0), &b = s.ints(1);
    if (!a || !b || s.shape(0).rank() > 1 || s.shape(1).rank() > 1) return std::nullopt;
    if (a->size() != b->size() && a->size() != 1 && b->size() != 1) return std::nullopt;
    Dims out;
    const size_t n = a->size() == 1 ? b->size() : a->size();
    for (size_t i = 0; i < n; ++i) {
      const std::optional<Dim> value = f((*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]);
      if (!value) return std::nullopt;
      out.push_back(*value);
    }
    return out;
  };
}

}  // namespace keraft::cards
