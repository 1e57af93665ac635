#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_rotation) {
  using namespace keraft;
  card.keras("RandomRotation").about("training only: images turned");
  card.needs("factor").config("fill_mode", "reflect").config("interpolation", "bilinear").config("fill_value", 0.0);
  cards::augmentation(card);
  card.leaves_out({"value_range"});  // of Keras 3.0 to 3.5, where it does nothing
  card.sample({{"factor", 0.2}}, {{2, 5, 4, 3}});
}
