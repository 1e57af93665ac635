#include "cards/layer_card.h"
#include "ir/constant.h"

namespace keraft {
namespace {

bool pads_space(Match& m) {
  const Node& pad = m.graph->at(m.nodes.front());
  const Tensor* pads = ir::constant(*m.graph, pad.inputs.at(1));
  if (!pads || pads->dims != std::vector<int64_t>{4, 2} || !is_integer(pads->dtype)) return false;
  const std::vector<int64_t> p = to_ints(*pads);
  if (p[0] || p[1]) return false;
  const auto pair = [&](size_t axis) { return Value::ints({p[2 * axis], p[2 * axis + 1]}); };
  const bool last = p[6] == 0 && p[7] == 0;
  if (!last && (p[2] || p[3])) return false;
  m.config["padding"] = last ? List{pair(1), pair(2)} : List{pair(2), pair(3)};
  m.config["data_format"] = last ? "channels_last" : "channels_first";
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(zero_padding2d) {
  using namespace keraft;
  card.keras("ZeroPadding2D").about("rows and columns of zeros around");
  card.needs("padding").config("data_format", "channels_last").always();
  card.also_reads("y = Pad(x, _)", {}, pads_space).also_reads("y = PadV2(x, _, 0)", {}, pads_space);
  card.lower_with([](LowerContext& c) {
    const Value& padding = c.config("padding");
    std::vector<int32_t> sizes;
    const auto add = [&](const Value& entry) {
      const auto two = entry.as_ints();
      const auto* one = entry.get<int64_t>();
      if (!one && (!two || two->size() != 2)) c.fail("padding " + padding.text());
      sizes.push_back(static_cast<int32_t>(one ? *one : (*two)[0]));
      sizes.push_back(static_cast<int32_t>(one ? *one : (*two)[1]));
    };
    const List* list = padding.get<List>();
    if (list && list->size() != 2) c.fail("padding " + padding.text());
    for (size_t i = 0; i < 2; ++i) add(list ? (*list)[i] : padding);
    const bool first = c.config("data_format") == Value("channels_first");
    sizes.insert(sizes.begin(), first ? 4 : 2, 0);
    sizes.resize(8, 0);
    return c.op("Pad", {c.inputs().front(), c.constant(make_tensor<int32_t>(DType::i32, {4, 2}, sizes))});
  });
  card.sample({{"padding", List{Value::ints({1, 2}), Value::ints({0, 3})}}}, {{2, 5, 4, 3}});
}
