#include "cards/unit_axis.h"

#include "cards/codec.h"

namespace keraft::cards {

std::optional<size_t> drop_unit_axis(Match& m) {
  const Value* layout = m.get("data_format");
  const int64_t start = layout && *layout == Value("channels_first") ? 2 : 1;
  const auto added = m.config["axis_"].number();
  const auto dropped = m.config["axes_"].as_ints();
  if (!added || !dropped || dropped->size() != 1) return std::nullopt;
  const int64_t axis = static_cast<int64_t>(*added) + (*added < 0 ? 4 : 0),
                same = dropped->front() + (dropped->front() < 0 ? 4 : 0);
  if (axis != same || axis < start || axis > start + 1) return std::nullopt;
  const auto unit = static_cast<size_t>(axis - start);
  for (const char* field : {"strides", "dilation_rate", "pool_size"}) {
    Value* entry = m.config.edit(field);
    if (!entry) continue;
    const auto both = entry->as_ints();
    if (!both || both->size() != 2) return std::nullopt;
    if (field == std::string_view("pool_size") && (*both)[unit] != 1) return std::nullopt;
    *entry = Value::ints({(*both)[1 - unit]});
  }
  return unit;
}

bool channels_first(LowerContext& c) { return c.config("data_format") == Value("channels_first"); }

static Edge number(LowerContext& c, int32_t value) {
  return c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&value, 1)));
}

Edge add_unit_axis(LowerContext& c, Edge x) { return c.op("ExpandDims", {x, number(c, channels_first(c) ? 2 : 1)}); }

Edge drop_unit_axis(LowerContext& c, Edge x) {
  return c.op("Squeeze", {x}, {{"squeeze_dims", Value::ints({channels_first(c) ? 2 : 1})}});
}

Value spatial_entry(LowerContext& c, std::string_view field, int axes) {
  const Value& entry = c.config(field);
  std::vector<int64_t> sizes = entry.as_ints().value_or(std::vector<int64_t>{});
  if (const auto* one = entry.get<int64_t>()) sizes.assign(static_cast<size_t>(axes), *one);
  if (sizes.size() != static_cast<size_t>(axes)) c.fail(std::string(field) + " is " + entry.text());
  if (axes == 1) sizes.insert(sizes.begin(), 1);
  return Value::ints(sizes);
}

Value window_entry(LowerContext& c, std::string_view field, int axes) {
  return encode("spatial", spatial_entry(c, field, axes), channels_first(c), axes == 3 ? 5 : 4);
}

Dict window_attributes(LowerContext& c, int axes) {
  const bool first = channels_first(c), pool = c.config("strides").null();
  const size_t rank = axes == 3 ? 5 : 4;
  const Value valid("valid"), &padding = c.config("padding");
  Dict out{{"padding", encode("lower", padding == Value("causal") ? valid : padding, first, rank)},
           {"data_format", encode("layout", c.config("data_format"), first, rank)},
           {"strides", window_entry(c, pool ? "pool_size" : "strides", axes)}};
  if (!c.config("dilation_rate").null()) out["dilations"] = window_entry(c, "dilation_rate", axes);
  return out;
}

}  // namespace keraft::cards
