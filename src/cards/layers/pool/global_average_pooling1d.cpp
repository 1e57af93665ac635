#include "cards/pool_layer.h"

KERAFT_LAYER(global_average_pooling1d) {
  card.keras("GlobalAveragePooling1D").about("the mean of each channel").fidelity(keraft::Fidelity::approximate);
  keraft::cards::global_pool_layer(card, 1, "Mean", "AvgPool");
}
