#include "cards/pool_layer.h"

KERAFT_LAYER(average_pooling1d) {
  card.keras("AveragePooling1D")
      .about("the mean of each window; padding does not count")
      .fidelity(keraft::Fidelity::approximate);
  keraft::cards::pool_layer(card, 1, "AvgPool");
}
