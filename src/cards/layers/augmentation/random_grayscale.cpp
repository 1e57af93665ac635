#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_grayscale) {
  using namespace keraft;
  card.keras("RandomGrayscale").about("training only: colours taken away");
  card.config("factor", 0.5);
  cards::augmentation(card, "3.8");
  card.sample({}, {{2, 5, 4, 3}});
}
