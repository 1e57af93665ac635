#include "cards/pool_layer.h"

KERAFT_LAYER(max_pooling1d) {
  card.keras("MaxPooling1D").about("the largest value in each window").fidelity(keraft::Fidelity::exact);
  keraft::cards::pool_layer(card, 1, "MaxPool");
}
