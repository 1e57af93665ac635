#include "cards/layers/augmentation/augmentation.h"

KERAFT_LAYER(random_zoom) {
  using namespace keraft;
  card.keras("RandomZoom").about("training only: images zoomed");
  card.needs("height_factor")
      .config("width_factor", Value())
      .config("fill_mode", "reflect")
      .config("interpolation", "bilinear")
      .config("fill_value", 0.0);
  cards::augmentation(card);
  card.sample({{"height_factor", 0.2}}, {{2, 5, 4, 3}});
}
