#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_saturation) {
  using namespace keraft;
  card.keras("RandomSaturation").about("training only: saturation changed");
  card.needs("factor").config("value_range", cards::image_range());
  cards::augmentation(card, "3.8");
  card.sample({{"factor", 0.5}}, {{2, 5, 4, 3}});
}
