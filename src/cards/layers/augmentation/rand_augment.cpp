#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(rand_augment) {
  using namespace keraft;
  card.keras("RandAugment").about("training only: some of many changes");
  card.config("value_range", cards::image_range())
      .config("num_ops", 2)
      .config("factor", 0.5)
      .config("interpolation", "bilinear");
  cards::augmentation(card, "3.8");
  card.sample({}, {{2, 5, 4, 3}});
}
