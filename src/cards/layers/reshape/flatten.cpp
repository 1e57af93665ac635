#include "cards/layers/reshape/reshape.h"

namespace {

bool flattens(keraft::Match& m) {
  const auto sizes = keraft::cards::inner_sizes(m);
  return sizes && sizes->size() == 1 && m.shape("x").rank() > 2;
}

}  // namespace

KERAFT_LAYER(flatten) {
  card.keras("Flatten").about("all axes but the batch become one");
  card.config("data_format", "channels_last").always();
  card.also_reads("y = Reshape(x, _)", {}, flattens).also_reads("y = Squeeze(x, squeeze_dims=_)", {}, flattens);
  card.lower_with([](keraft::LowerContext& c) {
    if (c.config("data_format") != keraft::Value("channels_last")) c.fail("data_format " + c.config("data_format").text());
    const keraft::Edge x = c.inputs().front();
    const keraft::Shape shape = c.type(x).shape;
    keraft::Dim size(1);
    for (size_t i = 1; shape.has_rank() && i < shape.rank(); ++i) size = size * shape[i];
    if (!shape.has_rank() || !(size.known() || shape[0].known())) c.fail("the shape " + shape.text() + " is not known");
    const int32_t to[] = {shape[0].known() ? static_cast<int32_t>(shape[0].value()) : -1,
                          shape[0].known() ? -1 : static_cast<int32_t>(size.value())};
    return c.op("Reshape", {x, c.constant(keraft::make_tensor<int32_t>(keraft::DType::i32, {2}, to))});
  });
  card.sample({}, {{2, 5, 3, 4}}).sample({}, {{3, 2, 7}});
}
