// Cards of one or two tensors, element by element.
#pragma once

#include <limits>

#include "cards/numeric.h"
#include "cards/shapes.h"
#include "kernels/broadcast.h"
#include "kernels/map.h"

namespace keraft::cards {

/// Samples of y = f(x) and of z = f(x, y): sizes, a scalar, nothing. The tests add types and special values to all samples.
void unary_samples(OpCard& card, bool floats = true);
void binary_samples(OpCard& card, bool floats = true);

/// Output 0 is f of each element of input 0.
template <class... T, class F>
void map_elements(KernelContext& k, Types<T...> types, F f) {
  const Array& in = k.array(0);
  dispatch(k, in.dtype, types, [&](auto type) {
    using V = decltype(type);
    using Out = std::conditional_t<std::is_same_v<decltype(f(type)), bool>, bool, V>;
    const V* x = in.as<V>();
    Out* y = k.in_place(0, 0).template as<Out>();
    k.kernels().threads().parallel_for(in.elements(), grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y[i] = static_cast<Out>(f(x[i]));
    });
  });
}

/// Output 0 is f of inputs 0 and 1, broadcast.
template <class... T, class F>
void join_elements(KernelContext& k, Types<T...> types, F f) {
  const Array &a = k.array(0), &b = k.array(1);
  dispatch(k, a.dtype, types, [&](auto type) {
    using V = decltype(type);
    kernels::broadcast<V, V>(k.kernels(), {a.as<V>(), a.dims}, {b.as<V>(), b.dims}, k.result().as<V>(),
                             [&](V x, V y) { return static_cast<V>(f(x, y)); });
  });
}

/// Shape, kernel and samples of y = f(x), where y has the type of x, or is bool when f gives bool.
template <class... T, class F>
void unary(OpCard& card, Types<T...> types, F f) {
  card.kernel([types, f](KernelContext& k) { map_elements(k, types, f); });
  if constexpr ((std::is_same_v<decltype(f(T{})), bool> && ...))
    card.shape([](ShapeContext& s) { s.out(0, DType::boolean, s.shape(0)); });
  else
    card.shape(like_input);
  unary_samples(card, (is_real<T> || ...));
}

/// Shape, kernel and samples of z = f(x, y), broadcast.
template <class... T, class F>
void binary(OpCard& card, Types<T...> types, F f) {
  card.shape(like_both);
  card.kernel([types, f](KernelContext& k) { join_elements(k, types, f); });
  binary_samples(card, (is_real<T> || ...));
}

/// A number of bits to shift by, brought between 0 and the last one.
template <class T>
int shift_of(T bits) {
  constexpr int last = std::numeric_limits<std::make_unsigned_t<T>>::digits - 1;
  return bits < T(0) ? 0 : bits > T(last) ? last : static_cast<int>(bits);
}

/// Shape, kernel and samples of y = op(x) for floats. The op's parameter a is the attribute of this name, else the number.
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

/// Shape, kernel and samples of z = x op y, broadcast, for all numbers.
void binary(OpCard& card, kernels::BinaryOp op);
/// Lets the function that `make` gives for a node compute 16-bit floats. For functions of more than one step: TensorFlow rounds
/// after each. To be called when the card has its kernel.
template <class Make>
void halves_by(OpCard& card, Make make) {
  card.kernel([others = std::move(card.kernel_fn), make](KernelContext& k) {
    const DType type = k.array(0).dtype;
    if (type != DType::f16 && type != DType::bf16) return others(k);
    const auto f = make(k);
    if constexpr (std::is_invocable_v<decltype(f), Half>)
      map_elements(k, Types<Half, BFloat16>{}, f);
    else
      join_elements(k, Types<Half, BFloat16>{}, f);
  });
}
/// The same for every node.
template <class F>
void halves(OpCard& card, F f) {
  halves_by(card, [f](const KernelContext&) { return f; });
}

/// z is bool; x and y are numbers, or bool for equal and not_equal.
void comparison(OpCard& card, kernels::CompareOp op);
void logical(OpCard& card, kernels::LogicalOp op);
/// Shape and kernel of the sum of all inputs, which are of one shape.
void add_n(OpCard& card);

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
