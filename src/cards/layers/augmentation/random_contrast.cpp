#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_contrast) {
  using namespace keraft;
  card.keras("RandomContrast").about("training only: contrast changed");
  card.needs("factor").config("value_range", cards::image_range());
  cards::augmentation(card);
  card.sample({{"factor", 0.2}}, {{2, 5, 4, 3}});
}
