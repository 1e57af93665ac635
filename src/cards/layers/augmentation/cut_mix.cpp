#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(cut_mix) {
  using namespace keraft;
  card.keras("CutMix").about("training only: parts of other images pasted in");
  card.config("factor", 1.0);
  cards::augmentation(card, "3.9");
  card.sample({}, {{2, 5, 4, 3}});
}
