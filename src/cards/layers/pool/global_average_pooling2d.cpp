#include "cards/layers/pool/pool2d.h"

KERAFT_LAYER(global_average_pooling2d) {
  card.keras("GlobalAveragePooling2D").about("the mean of each channel").fidelity(keraft::Fidelity::approximate);
  keraft::cards::global_pool2d(card, "Mean");
}
