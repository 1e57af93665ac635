#include "cards/conv_layer.h"

#include <algorithm>

namespace keraft::cards {
namespace {

std::string with(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// Kernels over one axis are read with a height of 1 in front.
bool flat_kernels(const Match& m) {
  return std::all_of(m.weights.begin(), m.weights.end(), [](const auto& use) {
    return use.first == "bias" || (use.second.seen.size() == 4 && use.second.seen.front() == 1);
  });
}

}  // namespace

void conv_fields(LayerCard& card, int axes) {
  const Value ones = Value::ints(std::vector<int64_t>(static_cast<size_t>(axes), 1));
  card.config("strides", ones).config("padding", "valid").config("data_format", "channels_last").always();
  card.config("dilation_rate", ones).config("activation", "linear").config("use_bias", true);
}

std::string conv_attributes() {
  return "strides=$strides:spatial, padding=$padding:lower, dilations=$dilation_rate:spatial, data_format=$data_format:layout";
}

void reads_conv(LayerCard& card, int axes, const std::string& body, const LayerCard::Guard& guard, const std::string& before) {
  const std::string start = before.empty() ? "x" : "x0", bias = ", @bias, data_format=$data_format:layout)";
  const std::string lead = before.empty() ? before : before + "   ";
  if (axes > 1) {
    const std::string conv = lead + with(body, "{x}", start);
    card.also_reads(conv + "   y = BiasAdd(c" + bias, {{"use_bias", true}}, guard);
    card.also_reads(with(conv, "c = ", "y = "), {{"use_bias", false}}, guard);
    return;
  }
  const auto flat = [guard](Match& m) {
    const auto unit = drop_unit_axis(m);
    return unit && *unit == 0 && flat_kernels(m) && (!guard || guard(m));
  };
  const std::string conv = lead + "u = ExpandDims(" + start + ", $axis_)   " + with(body, "{x}", "u") + "   ";
  card.also_reads(conv + "h = Squeeze(c, squeeze_dims=$axes_)   y = BiasAdd(h" + bias, {{"use_bias", true}}, flat);
  card.also_reads(conv + "h = BiasAdd(c" + bias + "   y = Squeeze(h, squeeze_dims=$axes_)", {{"use_bias", true}}, flat);
  card.also_reads(conv + "y = Squeeze(c, squeeze_dims=$axes_)", {{"use_bias", false}}, flat);
}

Edge conv_weight(LowerContext& c, int axes, std::string_view slot) {
  const Edge weight = c.weight(slot);
  const int32_t front = 0;
  return axes > 1 ? weight
                  : c.op("ExpandDims", {weight, c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&front, 1)))});
}

Edge lower_conv(LowerContext& c, int axes, Edge x, const std::function<Edge(Edge)>& op) {
  if (axes == 1) x = add_unit_axis(c, x);
  x = op(x);
  if (axes == 1) x = drop_unit_axis(c, x);
  if (c.config("use_bias") == Value(false)) return x;
  return c.op("BiasAdd", {x, c.weight("bias")}, {{"data_format", channels_first(c) ? "NCHW" : "NHWC"}});
}

bool conv_groups(Match& m, size_t depth) {
  const auto channels = m.channels("x");
  const int64_t in = m.weights.at("kernel").value.dims.at(depth);
  if (!channels || in < 1 || *channels % in != 0) return false;
  if (*channels != in) m.config["groups"] = *channels / in;
  return true;
}

namespace {

/// How far the kernel reaches along an axis.
int64_t reach(int64_t size, int64_t dilation) { return (size - 1) * dilation + 1; }

/// The result's size is in · stride + rest; Keras takes the `rest` of its default, or works it out from output_padding.
bool output_padding(Match& m, size_t axes) {
  const Shape in = m.shape("x"), out = m.shape("y");
  const auto strides = m.get("strides")->as_ints(), dilation = m.get("dilation_rate")->as_ints();
  const auto kernel = m.get("kernel_size")->as_ints();
  if (!in.has_rank() || !out.has_rank() || in.rank() != axes + 2 || out.rank() != axes + 2 || !(in[0] == out[0])) return false;
  if (!strides || !dilation || !kernel || strides->size() != axes || dilation->size() != axes || kernel->size() != axes)
    return false;
  const bool first = *m.get("data_format") == Value("channels_first"), same = *m.get("padding") == Value("same");
  std::vector<int64_t> paddings;
  bool usual = true;
  for (size_t i = 0; i < axes; ++i) {
    const size_t at = i + (first ? 2 : 1);
    const int64_t stride = (*strides)[i], size = reach((*kernel)[i], (*dilation)[i]);
    if (stride > 1 && std::any_of(dilation->begin(), dilation->end(), [](int64_t d) { return d > 1; })) return false;
    const Dim rest = out[at] - in[at] * Dim(stride);
    if (!rest.known()) return false;
    usual = usual && rest.value() == (same ? 0 : std::max<int64_t>(size - stride, 0));
    paddings.push_back(rest.value() + stride - (same ? size % 2 : size));
  }
  if (usual) return true;
  for (size_t i = 0; i < axes; ++i) {
    if (paddings[i] < 0 || paddings[i] >= (*strides)[i]) return false;
  }
  m.config["output_padding"] = Value::ints(paddings);
  return true;
}

Edge vector(LowerContext& c, const std::vector<int32_t>& values) {
  return c.constant(make_tensor<int32_t>(DType::i32, {static_cast<int64_t>(values.size())}, values));
}

Edge part(LowerContext& c, Edge x, int32_t begin, int32_t end) {
  return c.op("StridedSlice", {x, vector(c, {begin}), vector(c, {end}), vector(c, {1})}, {});
}

/// Sizes of the result, with a unit axis: those of x times `factor` plus `more`.
Edge result_sizes(LowerContext& c, int axes) {
  const bool first = channels_first(c), same = c.config("padding") == Value("same");
  const auto entry = [&](const char* field) {
    auto values = *spatial_entry(c, field, axes).as_ints();
    return std::vector<int64_t>(values.end() - axes, values.end());
  };
  const auto kernel = entry("kernel_size"), strides = entry("strides"), dilation = entry("dilation_rate");
  const bool given = !c.config("output_padding").null();
  const auto padding = given ? entry("output_padding") : kernel;
  const auto* filters = c.config("filters").get<int64_t>();
  if (!filters) c.fail("filters is " + c.config("filters").text());
  std::vector<int32_t> factor{1}, more{0};
  for (size_t i = 0; i < kernel.size(); ++i) {
    const int64_t size = reach(kernel[i], dilation[i]);
    int64_t rest = same ? 0 : std::max<int64_t>(size - strides[i], 0);
    if (given) rest = (same ? size % 2 : size) + padding[i] - strides[i];
    factor.push_back(static_cast<int32_t>(strides[i]));
    more.push_back(static_cast<int32_t>(rest));
  }
  factor.insert(first ? factor.begin() + 1 : factor.end(), 0);
  more.insert(first ? more.begin() + 1 : more.end(), static_cast<int32_t>(*filters));
  const Edge in = c.op("Shape", {c.inputs().front()}, {{"out_type", DType::i32}});
  const Edge sizes = c.op("AddV2", {c.op("Mul", {in, vector(c, factor)}), vector(c, more)});
  if (axes > 1) return sizes;
  const int32_t axis = first ? 2 : 1, zero = 0;
  const Edge ends = c.constant(make_tensor<int32_t>(DType::i32, {}, std::span(&zero, 1)));
  return c.op("ConcatV2", {part(c, sizes, 0, axis), vector(c, {1}), part(c, sizes, axis, 3), ends}, {{"N", 3}});
}

}  // namespace

void transposed_conv_layer(LayerCard& card, int axes, const std::string& op) {
  card.needs("filters").needs("kernel_size").config("output_padding", Value());
  conv_fields(card, axes);
  std::vector<std::string> dims;
  for (int i = 0; i < axes; ++i) dims.push_back("kernel_size." + std::to_string(i));
  dims.insert(dims.end(), {"filters", "in"});
  card.weight("kernel", dims).known_as({"weights", "weight", "w"});
  card.weight("bias", {"filters"}, "use_bias").known_as({"biases", "b"});
  reads_conv(card, axes, "c = " + op + "(_, @kernel, {x}, " + conv_attributes() + ")",
             [axes](Match& m) { return output_padding(m, static_cast<size_t>(axes)); });
  card.lower_with([axes, op](LowerContext& c) {
    return lower_conv(c, axes, c.inputs().front(), [&](Edge x) {
      return c.op(op, {result_sizes(c, axes), conv_weight(c, axes, "kernel"), x}, window_attributes(c, axes));
    });
  });
  card.fidelity(Fidelity::approximate);
}

}  // namespace keraft::cards
