#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(aug_mix) {
  using namespace keraft;
  card.keras("AugMix").about("training only: chains of changes, mixed");
  card.config("value_range", cards::image_range())
      .config("num_chains", 3)
      .config("chain_depth", 3)
      .config("factor", 0.3)
      .config("alpha", 1.0)
      .config("all_ops", true)
      .config("interpolation", "bilinear");
  cards::augmentation(card, "3.9");
  card.sample({}, {{2, 5, 4, 3}});
}
