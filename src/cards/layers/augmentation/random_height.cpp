#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_height) {
  using namespace keraft;
  card.keras("RandomHeight").about("training only: images of another height");
  card.needs("factor").config("interpolation", "bilinear");
  cards::augmentation(card);
  card.only_keras2("Keras 3 has no RandomHeight").sample({{"factor", 0.2}}, {{2, 5, 4, 3}});
}
