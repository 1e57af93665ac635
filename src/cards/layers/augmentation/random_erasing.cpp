#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_erasing) {
  using namespace keraft;
  card.keras("RandomErasing").about("training only: a rectangle erased");
  card.config("factor", 1.0)
      .config("scale", List{0.02, 0.33})
      .config("fill_value", Value())
      .config("value_range", cards::image_range());
  cards::augmentation(card, "3.9");
  card.sample({}, {{2, 5, 4, 3}});
}
