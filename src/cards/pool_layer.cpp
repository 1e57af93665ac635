#include "cards/pool_layer.h"

#include <cmath>

namespace keraft::cards {
namespace {

bool default_strides(Match& m) {
  if (m.config["strides"] == m.config["pool_size"]) m.config.erase("strides");
  return true;
}

std::vector<int64_t> spatial_axes(int axes, bool first) {
  std::vector<int64_t> out;
  for (int i = 0; i < axes; ++i) out.push_back(i + (first ? 2 : 1));
  return out;
}

/// "[1, 2]"
std::string list(int axes, bool first) { return Value::ints(spatial_axes(axes, first)).text(); }

/// The number of cells that the reduction adds up, where it is known.
std::optional<int64_t> cells(const Match& m, int axes, bool first) {
  const Shape in = m.shape("x");
  Dim count = 1;
  for (const int64_t axis : spatial_axes(axes, first)) count = count * in[static_cast<size_t>(axis)];
  return count.known() && count.value() > 0 ? std::optional(count.value()) : std::nullopt;
}

LayerCard::Guard rank(int axes) {
  return [axes](Match& m) { return m.shape("x").has_rank() && m.shape("x").rank() == static_cast<size_t>(axes) + 2; };
}

/// One window over everything, and the spatial axes squeezed.
LayerCard::Guard full_window(int axes) {
  return [axes](Match& m) {
    const Shape in = m.shape("x");
    const bool first = *m.get("data_format") == Value("channels_first");
    const auto window = m.config["window_"].as_ints();
    auto dropped = m.config["axes_"].as_ints();
    if (!in.has_rank() || in.rank() != static_cast<size_t>(axes) + 2 || !window || !dropped) return false;
    for (int64_t& axis : *dropped) axis += axis < 0 ? axes + 2 : 0;
    const auto wanted = spatial_axes(axes, first);
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (!in[static_cast<size_t>(wanted[i])].is(window->at(i))) return false;
    }
    return *dropped == wanted;
  };
}

}  // namespace

void pool_layer(LayerCard& card, int axes, const std::string& op) {
  card.needs("pool_size").config("strides", Value()).config("padding", "valid").config("data_format", "channels_last").always();
  const std::string how =
      ", ksize=$pool_size:spatial, strides=$strides:spatial, padding=$padding:lower, data_format=$data_format:layout)";
  if (axes == 1) {
    card.formerly(card.cls, {{"pool_length", "pool_size"}, {"stride", "strides"}});
    card.also_reads("u = ExpandDims(x, $axis_)   p = " + op + "(u" + how + "   y = Squeeze(p, squeeze_dims=$axes_)", {},
                    [](Match& m) { return drop_unit_axis(m) && default_strides(m); });
  } else {
    card.also_reads("y = " + op + "(x" + how, {}, default_strides);
  }
  card.lower_with([axes, op](LowerContext& c) {
    Edge x = c.inputs().front();
    if (axes == 1) x = add_unit_axis(c, x);
    Dict attrs = window_attributes(c, axes);
    attrs["ksize"] = window_entry(c, "pool_size", axes);
    x = c.op(op, {x}, std::move(attrs));
    return axes == 1 ? drop_unit_axis(c, x) : x;
  });
  const auto sizes = [axes](std::vector<int64_t> from) { return Value::ints({from.begin(), from.begin() + axes}); };
  const auto input = [axes](std::vector<int64_t> from, int64_t channels) {
    from.resize(static_cast<size_t>(axes) + 1);
    from.push_back(channels);
    return from;
  };
  card.sample({{"pool_size", sizes({3, 2, 1})}}, {input({2, 9, 7, 5}, 3)});
  card.sample({{"pool_size", sizes({3, 3, 2})}, {"strides", sizes({2, 2, 1})}, {"padding", "same"}}, {input({1, 8, 7, 4}, 5)});
  card.sample({{"pool_size", sizes({2, 2, 2})}, {"data_format", "channels_first"}}, {input({3, 4, 6, 5}, 7)});
}

void global_pool_layer(LayerCard& card, int axes, const std::string& reduction, const std::string& pool) {
  card.config("data_format", "channels_last").always().config("keepdims", false);
  for (const bool first : {false, true}) {
    const Dict layout{{"data_format", first ? "channels_first" : "channels_last"}};
    card.form("y = " + reduction + "(x, " + list(axes, first) + ", keep_dims=$keepdims)", layout, rank(axes));
    if (reduction != "Mean") continue;
    const std::string sum = "s = Sum(x, " + list(axes, first) + ", keep_dims=$keepdims)   y = ";
    const auto divided = [axes, first](Match& m) {
      if (!rank(axes)(m)) return false;
      const auto count = cells(m, axes, first);
      const auto by = m.config["by_"].number(), times = m.config["times_"].number();
      return count &&
             (by ? *by == static_cast<double>(*count) : times && std::abs(*times * static_cast<double>(*count) - 1) < 1e-6);
    };
    card.also_reads(sum + "RealDiv(s, $by_)", layout, divided).also_reads(sum + "Mul(s, $times_)", layout, divided);
  }
  if (axes > 1) {
    card.also_reads("p = " + pool +
                        "(x, ksize=$window_:spatial, strides=_, padding=\"VALID\", data_format=$data_format:layout)   "
                        "y = Squeeze(p, squeeze_dims=$axes_)",
                    {{"keepdims", false}}, full_window(axes));
  }
  std::vector<int64_t> input{2, 5, 3, 4, 7};
  input.resize(static_cast<size_t>(axes) + 2);
  card.sample({}, {input}).sample({{"keepdims", true}, {"data_format", "channels_first"}}, {input});
}

}  // namespace keraft::cards
