#include "cards/layers/pool/adaptive_pool.h"

KERAFT_LAYER(adaptive_max_pooling1d) {
  card.keras("AdaptiveMaxPooling1D").about("the largest value in each of as many windows as asked for");
  keraft::cards::adaptive_pool(card, 1, "Max");
}
