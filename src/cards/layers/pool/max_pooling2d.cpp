#include "cards/pool_layer.h"

KERAFT_LAYER(max_pooling2d) {
  card.keras("MaxPooling2D").about("the largest value in each window").fidelity(keraft::Fidelity::exact);
  keraft::cards::pool_layer(card, 2, "MaxPool");
}
