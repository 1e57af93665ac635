#include "cards/pool_layer.h"

KERAFT_LAYER(global_max_pooling2d) {
  card.keras("GlobalMaxPooling2D").about("the largest value of each channel").fidelity(keraft::Fidelity::exact);
  keraft::cards::global_pool_layer(card, 2, "Max", "MaxPool");
}
