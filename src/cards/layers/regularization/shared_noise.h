// Dropout of which one choice serves all places along some axes.
#pragma once

#include "cards/layer_card.h"

namespace keraft::cards {

/// The axes of the mark that say something: along an axis of size 1 there is nothing to share. Nothing for an unknown rank.
inline std::optional<std::vector<int64_t>> shared_axes(const Match& m) {
  const Dict& attrs = m.graph->at(m.nodes.front()).attrs;
  const auto attr = attrs.find("shared");
  const Shape x = m.shape("x");
  if (!x.has_rank()) return std::nullopt;
  std::vector<int64_t> out;
  for (const int64_t axis : attr == attrs.end() ? std::vector<int64_t>{} : attr->second.as_ints().value_or(out)) {
    if (axis < 1 || axis >= static_cast<int64_t>(x.rank())) return std::nullopt;
    if (!x[static_cast<size_t>(axis)].is(1)) out.push_back(axis);
  }
  return out;
}

/// All axes of space, of images of `n` axes of space: "channels_last" or "channels_first"; else empty.
inline std::string whole_maps(const Match& m, size_t n) {
  const auto axes = shared_axes(m);
  if (!axes || axes->size() != n || m.shape("x").rank() != n + 2) return {};
  for (const int64_t first : {1, 2}) {
    bool all = first == 1 || n > 1;
    for (size_t i = 0; i < n; ++i) all = all && (*axes)[i] == first + static_cast<int64_t>(i);
    if (all) return first == 1 ? "channels_last" : "channels_first";
  }
  return {};
}

/// Sets noise_shape.
inline bool read_noise_shape(Match& m) {
  const auto axes = shared_axes(m);
  if (!axes) return false;
  if (axes->empty()) return true;
  List shape(m.shape("x").rank());
  for (const int64_t axis : *axes) shape[static_cast<size_t>(axis)] = 1;
  m.config["noise_shape"] = std::move(shape);
  return true;
}

/// The mark with one choice along `axes`.
inline Edge noise_mark(LowerContext& c, const char* op, const std::vector<int64_t>& axes) {
  Dict attrs{{"rate", c.config("rate")}};
  if (!axes.empty()) attrs["shared"] = Value::ints(axes);
  return c.op(op, {c.inputs().front()}, attrs);
}

/// The same for noise_shape: null or a size for each axis.
inline Edge shaped_noise_mark(LowerContext& c, const char* op) {
  std::vector<int64_t> axes;
  const List* shape = c.config("noise_shape").get<List>();
  for (size_t axis = 1; shape && axis < shape->size(); ++axis) {
    if ((*shape)[axis] == Value(1)) axes.push_back(static_cast<int64_t>(axis));
  }
  return noise_mark(c, op, axes);
}

/// SpatialDropout of `n` axes of space.
inline void spatial_dropout(LayerCard& card, size_t n) {
  card.needs("rate").identity_at_inference().leaves_out({"trainable"}).passes_masks();
  if (n > 1) card.config("data_format", "channels_last").always();
  card.formerly(card.cls, {{"p", "rate"}});
  if (n > 1) card.without_order();
  card.also_reads("y = ir/Dropout(x, rate=$rate, shared=_)", {}, [n](Match& m) {
    const std::string layout = whole_maps(m, n);
    if (n > 1 && !layout.empty()) m.config["data_format"] = layout;
    return !layout.empty();
  });
  card.lower_with([n](LowerContext& c) {
    std::vector<int64_t> axes(n);
    const bool first = n > 1 && c.config("data_format") == Value("channels_first");
    for (size_t i = 0; i < n; ++i) axes[i] = static_cast<int64_t>(i) + (first ? 2 : 1);
    return noise_mark(c, "ir/Dropout", axes);
  });
  std::vector<int64_t> sizes{2, 5, 3, 4, 6};
  sizes.resize(n + 2);
  card.sample({{"rate", 0.25}}, {sizes});
  if (n > 1) card.sample({{"rate", 0.5}, {"data_format", "channels_first"}}, {sizes});
}

}  // namespace keraft::cards
