#include "cards/pool_layer.h"

KERAFT_LAYER(global_max_pooling3d) {
  card.keras("GlobalMaxPooling3D").about("the largest value of each channel").fidelity(keraft::Fidelity::exact);
  keraft::cards::global_pool_layer(card, 3, "Max", "MaxPool3D");
}
