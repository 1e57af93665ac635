#include "cards/pool_layer.h"

KERAFT_LAYER(max_pooling3d) {
  card.keras("MaxPooling3D").about("the largest value in each window").fidelity(keraft::Fidelity::exact);
  keraft::cards::pool_layer(card, 3, "MaxPool3D");
}
