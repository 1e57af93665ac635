#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_color_jitter) {
  using namespace keraft;
  card.keras("RandomColorJitter").about("training only: brightness, contrast, saturation and hue changed");
  card.config("value_range", cards::image_range())
      .config("brightness_factor", Value())
      .config("contrast_factor", Value())
      .config("saturation_factor", Value())
      .config("hue_factor", Value());
  cards::augmentation(card, "3.8");
  card.sample({{"hue_factor", 0.5}}, {{2, 5, 4, 3}});
}
