#include "cards/pool_layer.h"

KERAFT_LAYER(average_pooling3d) {
  card.keras("AveragePooling3D")
      .about("the mean of each window; padding does not count")
      .fidelity(keraft::Fidelity::approximate);
  keraft::cards::pool_layer(card, 3, "AvgPool3D");
}
