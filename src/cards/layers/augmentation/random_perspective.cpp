#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_perspective) {
  using namespace keraft;
  card.keras("RandomPerspective").about("training only: images seen from aside");
  card.config("factor", 1.0).config("scale", 1.0).config("interpolation", "bilinear").config("fill_value", 0.0);
  cards::augmentation(card, "3.9");
  card.sample({}, {{2, 5, 4, 3}});
}
