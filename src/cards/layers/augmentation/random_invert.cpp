#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_invert) {
  using namespace keraft;
  card.keras("RandomInvert").about("training only: colours inverted");
  card.config("factor", 1.0).config("value_range", cards::image_range());
  cards::augmentation(card, "3.9");
  card.sample({}, {{2, 5, 4, 3}});
}
