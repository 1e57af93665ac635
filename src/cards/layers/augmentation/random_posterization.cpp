#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_posterization) {
  using namespace keraft;
  card.keras("RandomPosterization").about("training only: fewer bits for each colour");
  card.needs("factor").config("value_range", cards::image_range());
  cards::augmentation(card, "3.8");
  card.sample({{"factor", 4}}, {{2, 5, 4, 3}});
}
