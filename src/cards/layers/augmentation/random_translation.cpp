#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_translation) {
  using namespace keraft;
  card.keras("RandomTranslation").about("training only: images moved");
  card.needs("height_factor")
      .needs("width_factor")
      .config("fill_mode", "reflect")
      .config("interpolation", "bilinear")
      .config("fill_value", 0.0);
  cards::augmentation(card);
  card.sample({{"height_factor", 0.2}, {"width_factor", 0.1}}, {{2, 5, 4, 3}});
}
