#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_width) {
  using namespace keraft;
  card.keras("RandomWidth").about("training only: images of another width");
  card.needs("factor").config("interpolation", "bilinear");
  cards::augmentation(card);
  card.only_keras2("Keras 3 has no RandomWidth").sample({{"factor", 0.2}}, {{2, 5, 4, 3}});
}
