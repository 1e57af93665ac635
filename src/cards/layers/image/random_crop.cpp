#include "cards/layer_card.h"

KERAFT_LAYER(random_crop) {
  using namespace keraft;
  // Not the same at inference in all versions of Keras: the middle, scaled, or all of the image.
  card.keras("RandomCrop").about("training only: a part of the image of a fixed size").needs("height").needs("width");
  card.config("data_format", "channels_last")
      .only_keras3("Keras 2 takes channels last only", {{"data_format", "channels_first"}});
  card.call_default("training", true).leaves_out({"rng_type"}).sample({{"height", 3}, {"width", 4}}, {{2, 5, 6, 3}});
}
