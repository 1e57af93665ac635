// Pooling to a size: output i of n looks at the elements from ⌊i·L/n⌋ to ⌈(i+1)·L/n⌉ of an axis of L.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

inline Edge adaptive_axis(LowerContext& c, Edge x, size_t axis, int64_t outputs, const std::string& reduction) {
  const Shape shape = c.type(x).shape;
  if (!shape[axis].known() || shape[axis].value() < 1) c.fail("an axis of open size: " + shape.text());
  if (outputs < 1 || outputs > 4096) c.fail("output_size " + std::to_string(outputs));
  const int64_t size = shape[axis].value();
  const auto ints = [&](std::vector<int32_t> values) {
    return c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values));
  };
  std::vector<Edge> parts;
  for (int64_t i = 0; i < outputs; ++i) {
    const int64_t begin = i * size / outputs, end = ((i + 1) * size + outputs - 1) / outputs;
    std::vector<int32_t> from(shape.rank(), 0), count(shape.rank(), -1);
    from[axis] = static_cast<int32_t>(begin);
    count[axis] = static_cast<int32_t>(end - begin);
    const Edge part = c.op("Slice", {x, ints(from), ints(count)});
    parts.push_back(c.op(reduction, {part, ints({static_cast<int32_t>(axis)})}, {{"keep_dims", true}}));
  }
  if (parts.size() == 1) return parts.front();
  const auto count = static_cast<int64_t>(parts.size());
  const auto where = static_cast<int32_t>(axis);
  parts.push_back(c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&where, 1))));
  return c.op("ConcatV2", parts, {{"N", count}});
}

/// Of `n` axes of space; `reduction` is "Mean" or "Max".
inline void adaptive_pool(LayerCard& card, size_t n, const std::string& reduction) {
  card.needs("output_size").single().config("data_format", "channels_last").always();
  card.lower_with([n, reduction](LowerContext& c) {
    Edge x = c.inputs().front();
    const Shape shape = c.type(x).shape;
    if (!shape.has_rank() || shape.rank() != n + 2) c.fail("the image is " + shape.text());
    const Value& size = c.config("output_size");
    const auto sizes = size.get<int64_t>() ? std::optional(std::vector<int64_t>(n, *size.get<int64_t>())) : size.as_ints();
    if (!sizes || sizes->size() != n) c.fail("output_size " + size.text());
    const size_t first = c.config("data_format") == Value("channels_first") ? 2 : 1;
    for (size_t i = 0; i < n; ++i) x = adaptive_axis(c, x, first + i, (*sizes)[i], reduction);
    return x;
  });
  card.from_keras3("3.13").fidelity(reduction == "Max" ? Fidelity::exact : Fidelity::rounding);
  std::vector<int64_t> sizes{2, 7, 9, 5};
  sizes.resize(n + 1);
  sizes.push_back(3);
  card.sample({{"output_size", n == 1 ? Value(3) : Value::ints(std::vector<int64_t>(n, 3))}}, {sizes});
}

}  // namespace keraft::cards
