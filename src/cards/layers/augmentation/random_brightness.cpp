#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_brightness) {
  using namespace keraft;
  card.keras("RandomBrightness").about("training only: brightness changed");
  card.needs("factor").config("value_range", cards::image_range());
  cards::augmentation(card);
  card.sample({{"factor", 0.2}}, {{2, 5, 4, 3}});
}
