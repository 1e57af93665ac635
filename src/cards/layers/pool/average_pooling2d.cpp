#include "cards/layers/pool/pool2d.h"

KERAFT_LAYER(average_pooling2d) {
  card.keras("AveragePooling2D")
      .about("the mean of each window; padding does not count")
      .fidelity(keraft::Fidelity::approximate);
  keraft::cards::pool2d(card, "AvgPool");
}
