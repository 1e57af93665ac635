#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(mix_up) {
  using namespace keraft;
  card.keras("MixUp").about("training only: images blended with others");
  card.config("alpha", 0.2);
  cards::augmentation(card, "3.8");
  card.sample({}, {{2, 5, 4, 3}});
}
