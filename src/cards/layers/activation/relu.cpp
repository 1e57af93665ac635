#include "cards/layer_card.h"

KERAFT_LAYER(relu) {
  card.keras("ReLU").about("y = min(max(x, 0), max_value)");
  card.config("max_value", Value()).config("negative_slope", 0.0).config("threshold", 0.0);
  card.form("y = Relu6(x)", {{"max_value", 6.0}});
  card.also_reads("h = Minimum(x, 6)   y = Maximum(h, 0)", {{"max_value", 6.0}});
  card.also_reads("h = Relu(x)   y = Minimum(h, $max_value)");
  card.lower_with([](LowerContext& c) {
    if (c.config("negative_slope").number() != 0.0 || c.config("threshold").number() != 0.0)
      c.fail("only max_value is supported");
    const Edge x = c.inputs().front();
    if (c.config("max_value").null()) return c.op("Relu", {x});
    if (c.config("max_value").number() == 6.0) return c.op("Relu6", {x});
    const auto top = static_cast<float>(c.config("max_value").number().value_or(0));
    return c.op("Minimum", {c.op("Relu", {x}), c.constant(make_tensor<float>(DType::f32, {}, std::span(&top, 1)))});
  });
  card.sample({{"max_value", 6.0}}, {{2, 5, 3}}).sample({}, {{3, 4}});
}
