#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_flip) {
  using namespace keraft;
  card.keras("RandomFlip").about("training only: images flipped");
  card.config("mode", "horizontal_and_vertical");
  cards::augmentation(card);
  card.sample({{"mode", "horizontal"}}, {{2, 5, 4, 3}});
}
