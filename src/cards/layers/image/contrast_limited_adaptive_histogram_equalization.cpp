#include "cards/layer_card.h"

KERAFT_LAYER(contrast_limited_adaptive_histogram_equalization) {
  using namespace keraft;
  card.keras("ContrastLimitedAdaptiveHistogramEqualization").about("colours spread evenly, tile by tile");
  card.config("value_range", Value::ints({0, 255})).config("clip_limit", 4.0).config("tile_grid_size", Value::ints({8, 8}));
  card.config("data_format", "channels_last").from_keras3("3.14").call_default("training", true);
  card.sample({}, {{2, 8, 6, 3}});
}
