#include "cards/layer_card.h"
#include "ir/constant.h"

namespace keraft {
namespace {

/// A slice of rows and columns with as much left out before as behind, or one more behind.
bool centred(Match& m) {
  const Node& node = m.graph->at(m.nodes.front());
  const Shape in = m.graph->type(node.inputs.at(0)).shape, out = m.graph->type({m.nodes.front(), 0}).shape;
  if (!in.has_rank() || !out.has_rank() || in.rank() != 4 || out.rank() != 4 || !(in[0] == out[0]) || !(in[3] == out[3]))
    return false;
  const auto begin = ir::constant_ints(*m.graph, node.inputs.at(1));
  if (!begin || begin->size() != 4) return false;
  if (node.op == "tf/StridedSlice") {
    const auto steps = ir::constant_ints(*m.graph, node.inputs.at(3));
    const auto mask = node.attrs.find("begin_mask");
    const auto* masked = mask == node.attrs.end() ? nullptr : mask->second.get<int64_t>();
    if (!steps || *steps != std::vector<int64_t>{1, 1, 1, 1} || (masked && (*masked & 6))) return false;
  }
  for (const size_t axis : {size_t{1}, size_t{2}}) {
    if (!in[axis].known() || !out[axis].known() || (*begin)[axis] != (in[axis].value() - out[axis].value()) / 2) return false;
  }
  m.config["height"] = out[1].value();
  m.config["width"] = out[2].value();
  m.inputs = {node.inputs[0]};
  return true;
}

}  // namespace
}  // namespace keraft

KERAFT_LAYER(center_crop) {
  using namespace keraft;
  card.keras("CenterCrop").about("the middle of images");
  // Less than any form of a cropping layer, which says the same.
  card.needs("height").needs("width").config("data_format", "channels_last");
  card.only_keras3("Keras 2 takes channels last only", {{"data_format", "channels_first"}});
  card.recover_with({"Slice", "StridedSlice"}, 0, centred);
  card.lower_with([](LowerContext& c) {
    const auto *height = c.config("height").get<int64_t>(), *width = c.config("width").get<int64_t>();
    const Shape in = c.type(c.inputs().front()).shape;
    if (c.config("data_format") != Value("channels_last")) c.fail("channels first");
    if (!height || !width || !in.has_rank() || in.rank() != 4 || !in[1].known() || !in[2].known() || !in[3].known())
      c.fail("the image is " + in.text());
    const int64_t down = in[1].value() - *height, right = in[2].value() - *width;
    if (down < 0 || right < 0) c.fail("the image is smaller than the crop");
    const auto ints = [&](const std::vector<int32_t>& values) {
      return c.constant(make_tensor<int32_t>(DType::i32, {4}, values));
    };
    const auto narrow = [](int64_t value) { return static_cast<int32_t>(value); };
    return c.op("Slice", {c.inputs().front(), ints({0, narrow(down / 2), narrow(right / 2), 0}),
                          ints({-1, narrow(*height), narrow(*width), narrow(in[3].value())})});
  });
  card.sample({{"height", 3}, {"width", 4}}, {{2, 6, 9, 3}});
}
