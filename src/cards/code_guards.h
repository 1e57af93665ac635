// When keras.ops computes what the op does.
#pragma once

#include <cmath>
#include <utility>

#include "cards/number_tensor.h"
#include "cards/op_card.h"

namespace keraft::cards {

/// keras.ops turns other numbers into float32 first.
inline bool reads_floats(const ShapeContext& s) { return is_floating(s.dtype(0)); }

/// The condition has a truth value for each element: Select does not broadcast, what numpy calls where does.
inline bool one_for_each(const ShapeContext& s) {
  const Shape &condition = s.shape(0), &x = s.shape(1);
  if (!condition.has_rank() || !x.has_rank() || condition.rank() != x.rank()) return false;
  for (size_t i = 0; i < x.rank(); ++i) {
    const Dim &a = condition[i], &b = x[i];
    if (!(a == b) && ((a.known() && b.known()) || a.is(1) || b.is(1))) return false;
  }
  return true;
}

/// x · fn(y), or 0 where x is 0; `cls` computes fn.
inline std::optional<std::vector<Edge>> guarded_product_code(CodeContext& k, std::string_view cls, double (*fn)(double)) {
  const Operand x = k.input(0);
  Operand y = k.input(1), zero;
  zero.value = 0.0;
  if (const Tensor* tensor = y.value.get<Tensor>()) {
    auto values = to_doubles(*tensor);
    for (double& value : values) {
      value = fn(value);
      if (!std::isfinite(value)) return std::nullopt;
    }
    y.value = number_tensor(tensor->dtype, tensor->dims, values);
  } else {
    y.edge = k.call(cls, {{"x", y}});
  }
  if (!x.is_tensor()) return std::nullopt;
  Operand is_zero, product;
  is_zero.edge = k.call("Equal", {{"x1", x}, {"x2", zero}});
  product.edge = k.call("Multiply", {{"x1", x}, {"x2", y}});
  return std::vector<Edge>{k.call("Where", {{"condition", is_zero}, {"x1", zero}, {"x2", product}})};
}

/// A product of matrices in the last two axes, each transposed or not.
inline std::optional<std::vector<Edge>> matmul_code(CodeContext& k, bool transpose_x, bool transpose_y) {
  const auto operand = [&](size_t i, bool transposed) {
    Operand x = k.input(i);
    if (!transposed) return x;
    Operand axes;
    std::vector<int64_t> order(k.shape(i).rank());
    for (size_t axis = 0; axis < order.size(); ++axis) order[axis] = static_cast<int64_t>(axis);
    std::swap(order[order.size() - 1], order[order.size() - 2]);
    axes.value = Value::ints(order);
    Operand out;
    out.edge = k.call("Transpose", {{"x", std::move(x)}, {"axes", std::move(axes)}});
    return out;
  };
  for (size_t i = 0; i < 2; ++i) {
    if (!k.shape(i).has_rank() || k.shape(i).rank() < 2) return std::nullopt;
  }
  return std::vector<Edge>{k.call("Matmul", {{"x1", operand(0, transpose_x)}, {"x2", operand(1, transpose_y)}})};
}

}  // namespace keraft::cards
