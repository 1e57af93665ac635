#include "cards/pool_layer.h"

KERAFT_LAYER(global_average_pooling3d) {
  card.keras("GlobalAveragePooling3D").about("the mean of each channel").fidelity(keraft::Fidelity::approximate);
  keraft::cards::global_pool_layer(card, 3, "Mean", "AvgPool3D");
}
