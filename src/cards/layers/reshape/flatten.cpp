#include "cards/layers/reshape/reshape.h"
#include "ir/constant.h"

namespace {

bool flattens(keraft::Match& m) {
  const auto sizes = keraft::cards::inner_sizes(m);
  return sizes && sizes->size() == 1 && m.shape("x").rank() > 2;
}

/// Channels go last before they are flattened.
bool flattens_channels_first(keraft::Match& m) {
  const keraft::Node& turn = m.graph->at(m.values.find("t")->second.node);
  const auto order = keraft::ir::constant_ints(*m.graph, turn.inputs.at(1));
  if (!order || order->size() < 3 || order->front() != 0 || order->back() != 1) return false;
  for (size_t i = 1; i + 1 < order->size(); ++i) {
    if ((*order)[i] != static_cast<int64_t>(i) + 1) return false;
  }
  m.config["data_format"] = "channels_first";
  return flattens(m);
}

}  // namespace

KERAFT_LAYER(flatten) {
  card.keras("Flatten").about("all axes but the batch become one");
  card.config("data_format", "channels_last").always();
  card.also_reads("y = Reshape(x, _)", {}, flattens).also_reads("y = Squeeze(x, squeeze_dims=_)", {}, flattens);
  card.also_reads("t = Transpose(x, _)   y = Reshape(t, _)", {}, flattens_channels_first);
  card.lower_with([](keraft::LowerContext& c) {
    keraft::Edge x = c.inputs().front();
    const keraft::Shape given = c.type(x).shape;
    if (c.config("data_format") == keraft::Value("channels_first") && given.has_rank() && given.rank() > 2) {
      std::vector<int32_t> order{0};
      for (size_t i = 2; i < given.rank(); ++i) order.push_back(static_cast<int32_t>(i));
      order.push_back(1);
      const std::vector<int64_t> rank{static_cast<int64_t>(order.size())};
      x = c.op("Transpose", {x, c.constant(keraft::make_tensor<int32_t>(keraft::DType::i32, rank, order))});
    }
    const keraft::Shape shape = c.type(x).shape;
    keraft::Dim size(1);
    for (size_t i = 1; shape.has_rank() && i < shape.rank(); ++i) size = size * shape[i];
    if (!shape.has_rank()) c.fail("the shape " + shape.text() + " is not known");
    if (!size.known()) return c.op("Reshape", {x, keraft::cards::with_batch(c, {-1})});
    const int32_t to[] = {shape[0].known() ? static_cast<int32_t>(shape[0].value()) : -1, static_cast<int32_t>(size.value())};
    return c.op("Reshape", {x, c.constant(keraft::make_tensor<int32_t>(keraft::DType::i32, {2}, to))});
  });
  card.sample({}, {{2, 5, 3, 4}}).sample({}, {{3, 2, 7}}).sample({{"data_format", "channels_first"}}, {{2, 5, 3, 4}});
}
