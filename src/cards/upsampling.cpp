#include "cards/upsampling.h"

#include <algorithm>

namespace keraft::cards {

std::optional<std::vector<int64_t>> growth(const Match& m, size_t axes, bool channels_first) {
  const Shape in = m.shape("x"), out = m.shape("y");
  if (!in.has_rank() || !out.has_rank() || in.rank() != axes + 2 || out.rank() != axes + 2) return std::nullopt;
  std::vector<int64_t> sizes;
  for (size_t axis = 0; axis < in.rank(); ++axis) {
    if (axis == 0 || axis == (channels_first ? 1 : in.rank() - 1)) {
      if (!(in[axis] == out[axis])) return std::nullopt;
      continue;
    }
    if (in[axis].is(0)) return std::nullopt;
    const auto factor = out[axis].exact_div(in[axis]);
    if (!factor || !factor->known() || factor->value() < 1) return std::nullopt;
    sizes.push_back(factor->value());
  }
  if (std::all_of(sizes.begin(), sizes.end(), [](int64_t size) { return size == 1; })) return std::nullopt;
  return sizes;
}

std::vector<int64_t> factors(LowerContext& c, int axes) {
  const Value& entry = c.config("size");
  std::vector<int64_t> sizes = entry.as_ints().value_or(std::vector<int64_t>{});
  if (const auto* one = entry.get<int64_t>()) sizes.assign(static_cast<size_t>(axes), *one);
  if (sizes.size() != static_cast<size_t>(axes) ||
      std::any_of(sizes.begin(), sizes.end(), [](int64_t size) { return size < 1 || size > 1 << 20; }))
    c.fail("size is " + entry.text());
  return sizes;
}

void reads_repetitions(LayerCard& card, int axes) {
  // Axes that do not grow may have no op: a form for each set of those that have one.
  for (unsigned set = (1U << axes) - 1; set > 0; --set) {
    for (const bool first : {false, true}) {
      if (first && axes == 1) break;  // the layer knows channels_last alone
      std::string form, from = "x";
      for (int i = 0; i < axes; ++i) {
        if ((set >> i & 1) == 0) continue;
        const std::string to = set >> i == 1 ? "y" : "h" + std::to_string(i), at = std::to_string(i + (first ? 2 : 1));
        form += to + " = ir/Repeat(" + from + ", axis=" + at + ", times=$times" + std::to_string(i) + "_)   ";
        from = to;
      }
      const Dict layout{{"data_format", first ? "channels_first" : "channels_last"}};
      card.also_reads(form, axes == 1 ? Dict{} : layout, [axes](Match& m) {
        if (!m.shape("x").has_rank() || m.shape("x").rank() != static_cast<size_t>(axes) + 2) return false;
        List sizes;
        for (int i = 0; i < axes; ++i) {
          const auto times = m.config.find("times" + std::to_string(i) + "_");
          sizes.push_back(times == m.config.end() ? Value(1) : times->second);
        }
        m.config["size"] = axes == 1 ? sizes.front() : Value(sizes);
        return true;
      });
    }
  }
}

Edge emit_repetitions(LowerContext& c, int axes) {
  const auto sizes = factors(c, axes);
  const bool first = c.config("data_format") == Value("channels_first");
  Edge x = c.inputs().front();
  const auto rank = static_cast<size_t>(axes) + 2;
  const auto vector = [&](const std::vector<int32_t>& values) {
    return c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values));
  };
  for (size_t i = 0; i < sizes.size(); ++i) {
    const size_t axis = i + (first ? 2 : 1);
    const auto size = static_cast<int32_t>(sizes[i]), behind = static_cast<int32_t>(axis + 1);
    std::vector<int32_t> factor(rank, 1), times(rank + 1, 1);
    factor[axis] = times[axis + 1] = size;
    const Edge wide = c.op("ExpandDims", {x, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&behind, 1)))});
    const Edge target = c.op("Mul", {c.op("Shape", {x}, {{"out_type", DType::i32}}), vector(factor)});
    x = c.op("Reshape", {c.op("Tile", {wide, vector(times)}), target});
  }
  return x;
}

}  // namespace keraft::cards
