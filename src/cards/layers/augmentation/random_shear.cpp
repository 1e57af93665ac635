#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_shear) {
  using namespace keraft;
  card.keras("RandomShear").about("training only: images sheared");
  card.config("x_factor", 0.0)
      .config("y_factor", 0.0)
      .config("interpolation", "bilinear")
      .config("fill_mode", "reflect")
      .config("fill_value", 0.0);
  cards::augmentation(card, "3.8");
  card.sample({{"x_factor", 0.2}}, {{2, 5, 4, 3}});
}
