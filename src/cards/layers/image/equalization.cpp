#include "cards/layer_card.h"

KERAFT_LAYER(equalization) {
  using namespace keraft;
  card.keras("Equalization").about("colours spread evenly over the range");
  card.config("value_range", Value::ints({0, 255})).config("bins", 256);
  card.config("data_format", "channels_last").from_keras3("3.8").call_default("training", true);
  card.sample({}, {{2, 8, 6, 3}});
}
