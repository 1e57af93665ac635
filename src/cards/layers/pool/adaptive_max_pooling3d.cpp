#include "cards/layers/pool/adaptive_pool.h"

KERAFT_LAYER(adaptive_max_pooling3d) {
  card.keras("AdaptiveMaxPooling3D").about("the largest value in each of as many windows as asked for");
  keraft::cards::adaptive_pool(card, 3, "Max");
}
