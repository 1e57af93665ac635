#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_color_degeneration) {
  using namespace keraft;
  card.keras("RandomColorDegeneration").about("training only: colours faded");
  card.needs("factor").config("value_range", cards::image_range());
  cards::augmentation(card, "3.8");
  card.sample({{"factor", 0.5}}, {{2, 5, 4, 3}});
}
