// The axes of a layer, however a graph counts them.
#pragma once

#include <algorithm>

#include "cards/layer_card.h"

namespace keraft::cards {

/// Axes from the start, ascending; nothing when one is out of range, double, or the batch.
inline std::optional<std::vector<int64_t>> axes_from_start(std::vector<int64_t> axes, size_t rank) {
  for (int64_t& axis : axes) axis += axis < 0 ? static_cast<int64_t>(rank) : 0;
  std::sort(axes.begin(), axes.end());
  const bool twice = std::adjacent_find(axes.begin(), axes.end()) != axes.end();
  if (axes.empty() || twice || axes.front() < 1 || axes.back() >= static_cast<int64_t>(rank)) return std::nullopt;
  return axes;
}

/// One axis as a number, the last as -1; several as a list.
inline Value axis_entry(const std::vector<int64_t>& axes, size_t rank) {
  if (axes.size() > 1) return Value::ints(axes);
  return axes.front() + 1 == static_cast<int64_t>(rank) ? Value(-1) : Value(axes.front());
}

/// For guards: config "axis" tidied for the value "x".
inline bool tidy_axes(Match& m) {
  const Shape x = m.shape("x");
  const auto found = m.config["axis"].as_ints();
  const auto axes = found && x.has_rank() ? axes_from_start(*found, x.rank()) : std::nullopt;
  if (axes) m.config["axis"] = axis_entry(*axes, x.rank());
  return axes.has_value();
}

/// For lowering: config "axis", a number or a list, from the start.
inline std::vector<int64_t> lowered_axes(LowerContext& c, const Shape& shape) {
  const Value& entry = c.config("axis");
  const auto list = entry.as_ints();
  const auto* one = entry.get<int64_t>();
  std::optional<std::vector<int64_t>> axes;
  if (shape.has_rank() && (list || one)) axes = axes_from_start(list ? *list : std::vector<int64_t>{*one}, shape.rank());
  if (!axes) c.fail("axis " + entry.text() + " on shape " + shape.text());
  return *axes;
}

inline Edge int_constant(LowerContext& c, const std::vector<int64_t>& values) {
  const std::vector<int32_t> narrow(values.begin(), values.end());
  return c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(narrow.size())}, narrow));
}

/// A scalar of the type of `like`.
inline Edge real_constant(LowerContext& c, double value, Edge like) {
  const auto narrow = static_cast<float>(value);
  if (c.type(like).dtype == DType::f64) return c.constant(make_tensor<double>(DType::f64, {}, std::span(&value, 1)));
  return c.constant(make_tensor<float>(DType::f32, {}, std::span(&narrow, 1)));
}

}  // namespace keraft::cards
