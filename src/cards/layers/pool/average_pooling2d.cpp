#include "cards/pool_layer.h"

KERAFT_LAYER(average_pooling2d) {
  card.keras("AveragePooling2D")
      .about("the mean of each window; padding does not count")
      .fidelity(keraft::Fidelity::approximate);
  keraft::cards::pool_layer(card, 2, "AvgPool");
}
