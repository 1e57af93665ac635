#include "cards/pool_layer.h"

KERAFT_LAYER(global_max_pooling1d) {
  card.keras("GlobalMaxPooling1D").about("the largest value of each channel").fidelity(keraft::Fidelity::exact);
  keraft::cards::global_pool_layer(card, 1, "Max", "MaxPool");
}
