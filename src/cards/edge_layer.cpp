#include "cards/edge_layer.h"

#include <algorithm>
#include <limits>

#include "ir/constant.h"

namespace keraft::cards {
namespace {

/// Amounts for every axis of the layer's input.
std::vector<int32_t> all_axes(LowerContext& c, std::string_view field, int axes) {
  const auto amounts = edge_amounts(c, field, axes);
  const bool first = c.config("data_format") == Value("channels_first");
  std::vector<int32_t> out(first ? 4 : 2, 0);
  for (const int64_t amount : amounts) {
    if (amount < 0 || amount > std::numeric_limits<int32_t>::max()) c.fail(std::string(field) + " " + c.config(field).text());
    out.push_back(static_cast<int32_t>(amount));
  }
  out.resize(2 * static_cast<size_t>(axes) + 4, 0);
  return out;
}

/// Sets the field and, where the layer has one, the layout. One axis of space knows channels_last alone.
bool set_edges(Match& m, const std::string& field, const std::vector<int64_t>& amounts) {
  std::string layout;
  const auto entry = edge_entry_of(amounts, layout);
  if (!entry || (layout != "channels_last" && !m.card->field("data_format"))) return false;
  m.config[field] = *entry;
  if (m.card->field("data_format")) m.config["data_format"] = layout;
  return true;
}

/// What StridedSlice leaves out at both ends of each axis; nothing when it does more than that.
std::optional<std::vector<int64_t>> cropped(const Match& m) {
  const Node& slice = m.graph->at(m.nodes.front());
  const Shape in = m.shape("x");
  const auto begin = ir::constant_ints(*m.graph, slice.inputs.at(1)), end = ir::constant_ints(*m.graph, slice.inputs.at(2)),
             steps = ir::constant_ints(*m.graph, slice.inputs.at(3));
  if (!in.has_rank() || !begin || !end || !steps || begin->size() > in.rank() || end->size() != begin->size() ||
      steps->size() != begin->size())
    return std::nullopt;
  const auto mask = [&](const char* name) {
    const auto found = slice.attrs.find(name);
    const auto* bits = found == slice.attrs.end() ? nullptr : found->second.get<int64_t>();
    return bits ? *bits : 0;
  };
  const int64_t from_start = mask("begin_mask"), to_end = mask("end_mask"), ellipsis = mask("ellipsis_mask");
  std::vector<int64_t> out(2 * in.rank(), 0);
  size_t axis = 0;
  for (size_t i = 0; i < begin->size(); ++i, ++axis) {
    if (ellipsis >> i & 1) {
      axis += in.rank() - begin->size();
      continue;
    }
    if ((*steps)[i] != 1) return std::nullopt;
    const int64_t size = in[axis].known() ? in[axis].value() : -1;
    int64_t first = from_start >> i & 1 ? 0 : (*begin)[i], last = to_end >> i & 1 ? 0 : (*end)[i];
    if (first < 0) {
      if (size < 0) return std::nullopt;
      first = std::max<int64_t>(0, first + size);
    }
    int64_t after = 0;
    if (!(to_end >> i & 1)) {
      if (last >= 0 && last != std::numeric_limits<int32_t>::max()) {
        if (size < 0) return std::nullopt;
        last -= size;
        after = std::max<int64_t>(0, -last);
      } else if (last < 0) {
        after = -last;
      }
    }
    if (size >= 0 && first + after >= size) return std::nullopt;
    out[2 * axis] = first;
    out[2 * axis + 1] = after;
  }
  return out;
}

/// Keras 1 has one number for both ends of an axis, a list of all ends, or names for them.
void formerly_edges(LayerCard& card, int axes, const std::string& field) {
  card.formerly(card.cls);
  if (axes > 1) card.without_order();
  card.settle_former([axes, field](const Dict&, Dict& now) {
    Value* found = now.edit(field);
    if (!found) return;
    std::vector<int64_t> ends;
    if (const Dict* names = found->get<Dict>()) {
      std::vector<std::string> ordered{"left_pad", "right_pad"};
      if (axes > 1) ordered.insert(ordered.begin(), {"top_pad", "bottom_pad"});
      for (const std::string& name : ordered) {
        const auto end = names->find(name);
        const int64_t* amount = end == names->end() ? nullptr : end->second.get<int64_t>();
        ends.push_back(amount ? *amount : 0);
      }
    } else if (const auto numbers = found->as_ints()) {
      ends = *numbers;
      // One for each axis, not for each end; of one axis two are its ends already.
      if (axes > 1 && ends.size() == static_cast<size_t>(axes)) {
        ends.clear();
        for (const int64_t both : *numbers) ends.insert(ends.end(), {both, both});
      }
    } else if (const int64_t* both = found->get<int64_t>()) {
      ends.assign(2 * static_cast<size_t>(axes), *both);
    }
    if (ends.size() != 2 * static_cast<size_t>(axes)) return;
    *found = edge_entry(ends);
  });
}

}  // namespace

std::vector<int64_t> edge_amounts(LowerContext& c, std::string_view field, int axes) {
  const Value& entry = c.config(field);
  std::vector<int64_t> out;
  const auto add = [&](const Value& value) {
    const auto two = value.as_ints();
    const auto* one = value.get<int64_t>();
    if (!one && (!two || two->size() != 2)) c.fail(std::string(field) + " " + entry.text());
    out.push_back(one ? *one : (*two)[0]);
    out.push_back(one ? *one : (*two)[1]);
  };
  const List* list = entry.get<List>();
  if (list && axes > 1 && list->size() != static_cast<size_t>(axes)) c.fail(std::string(field) + " " + entry.text());
  for (size_t i = 0; i < static_cast<size_t>(axes); ++i) add(list && axes > 1 ? (*list)[i] : entry);
  return out;
}

Value edge_entry(const std::vector<int64_t>& amounts) {
  List pairs;
  for (size_t i = 0; i + 1 < amounts.size(); i += 2) pairs.push_back(Value::ints({amounts[i], amounts[i + 1]}));
  return pairs.size() == 1 ? pairs.front() : Value(pairs);
}

std::optional<Value> edge_entry_of(const std::vector<int64_t>& amounts, std::string& layout) {
  const size_t n = amounts.size();
  if (n < 6 || amounts[0] || amounts[1] || std::all_of(amounts.begin(), amounts.end(), [](int64_t a) { return a == 0; }))
    return std::nullopt;
  if (std::any_of(amounts.begin(), amounts.end(), [](int64_t a) { return a < 0; })) return std::nullopt;
  const bool last = amounts[n - 2] == 0 && amounts[n - 1] == 0;
  if (!last && (amounts[2] || amounts[3])) return std::nullopt;
  layout = last ? "channels_last" : "channels_first";
  const auto begin = amounts.begin() + (last ? 2 : 4);
  return edge_entry({begin, begin + (static_cast<std::ptrdiff_t>(n) - 4)});
}

void zero_padding_layer(LayerCard& card, int axes) {
  card.needs("padding").config("data_format", "channels_last");
  if (axes > 1) card.always();
  formerly_edges(card, axes, "padding");
  if (axes == 1) card.only_keras3("Keras 2 pads the steps of channels_last alone", {{"data_format", "channels_first"}});
  const auto pads = [axes](Match& m) {
    const Tensor* amounts = ir::constant(*m.graph, m.graph->at(m.nodes.front()).inputs.at(1));
    if (!amounts || !is_integer(amounts->dtype) || amounts->dims != std::vector<int64_t>{axes + 2, 2}) return false;
    return set_edges(m, "padding", to_ints(*amounts));
  };
  card.also_reads("y = Pad(x, _)", {}, pads).also_reads("y = PadV2(x, _, 0)", {}, pads);
  card.lower_with([axes](LowerContext& c) {
    return c.op(
        "Pad", {c.inputs().front(), c.constant(make_tensor<int32_t>(DType::i32, {axes + 2, 2}, all_axes(c, "padding", axes)))});
  });
}

void cropping_layer(LayerCard& card, int axes) {
  card.needs("cropping");
  if (axes > 1) card.config("data_format", "channels_last").always();
  formerly_edges(card, axes, "cropping");
  card.also_reads("y = StridedSlice(x, _, _, _, begin_mask=_, end_mask=_, ellipsis_mask=_)", {}, [axes](Match& m) {
    if (!m.shape("x").has_rank() || m.shape("x").rank() != static_cast<size_t>(axes) + 2) return false;
    const auto amounts = cropped(m);
    return amounts && set_edges(m, "cropping", *amounts);
  });
  card.lower_with([axes](LowerContext& c) {
    const auto amounts = all_axes(c, "cropping", axes);
    const std::vector<int64_t> rank{axes + 2};
    std::vector<int32_t> begin, end, steps(amounts.size() / 2, 1);
    int64_t begin_mask = 0, end_mask = 0;
    for (size_t i = 0; i < steps.size(); ++i) {
      begin.push_back(amounts[2 * i]);
      end.push_back(-amounts[2 * i + 1]);
      begin_mask |= begin.back() == 0 ? int64_t{1} << i : 0;
      end_mask |= end.back() == 0 ? int64_t{1} << i : 0;
    }
    const auto vector = [&](const std::vector<int32_t>& values) {
      return c.constant(make_tensor<int32_t>(DType::i32, rank, values));
    };
    return c.op("StridedSlice", {c.inputs().front(), vector(begin), vector(end), vector(steps)},
                {{"begin_mask", begin_mask}, {"end_mask", end_mask}});
  });
}

}  // namespace keraft::cards
