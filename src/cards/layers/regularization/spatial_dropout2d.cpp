#include "cards/layers/regularization/shared_noise.h"

KERAFT_LAYER(spatial_dropout2d) {
  card.keras("SpatialDropout2D").about("training only: zeroes a share of the channels, each everywhere; identity otherwise");
  spatial_dropout(card, 2);
}
