#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_elastic_transform) {
  using namespace keraft;
  card.keras("RandomElasticTransform").about("training only: images bent");
  card.config("factor", 1.0)
      .config("scale", 1.0)
      .config("interpolation", "bilinear")
      .config("fill_mode", "reflect")
      .config("fill_value", 0.0)
      .config("value_range", cards::image_range());
  cards::augmentation(card, "3.10");
  card.sample({}, {{2, 5, 4, 3}});
}
