#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(solarization) {
  using namespace keraft;
  card.keras("Solarization").about("training only: bright colours inverted");
  card.config("addition_factor", 0.0).config("threshold_factor", 0.0).config("value_range", cards::image_range());
  cards::augmentation(card, "3.6");
  card.sample({}, {{2, 5, 4, 3}});
}
