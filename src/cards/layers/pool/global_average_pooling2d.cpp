#include "cards/pool_layer.h"

KERAFT_LAYER(global_average_pooling2d) {
  card.keras("GlobalAveragePooling2D").about("the mean of each channel").fidelity(keraft::Fidelity::approximate);
  keraft::cards::global_pool_layer(card, 2, "Mean", "AvgPool");
}
