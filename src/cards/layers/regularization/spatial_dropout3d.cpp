#include "cards/layers/regularization/shared_noise.h"

KERAFT_LAYER(spatial_dropout3d) {
  card.keras("SpatialDropout3D").about("training only: zeroes a share of the channels, each everywhere; identity otherwise");
  spatial_dropout(card, 3);
}
