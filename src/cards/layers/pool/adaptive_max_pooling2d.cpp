#include "cards/layers/pool/adaptive_pool.h"

KERAFT_LAYER(adaptive_max_pooling2d) {
  card.keras("AdaptiveMaxPooling2D").about("the largest value in each of as many windows as asked for");
  keraft::cards::adaptive_pool(card, 2, "Max");
}
