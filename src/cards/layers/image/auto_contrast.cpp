#include "cards/layer_card.h"

KERAFT_LAYER(auto_contrast) {
  using namespace keraft;
  card.keras("AutoContrast").about("colours stretched over the whole range");
  card.config("value_range", Value::ints({0, 255}));
  card.config("data_format", "channels_last").from_keras3("3.6").call_default("training", true);
  card.sample({}, {{2, 8, 6, 3}});
}
