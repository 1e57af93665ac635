#include "cards/layers/pool/adaptive_pool.h"

KERAFT_LAYER(adaptive_average_pooling3d) {
  card.keras("AdaptiveAveragePooling3D").about("the mean in each of as many windows as asked for");
  keraft::cards::adaptive_pool(card, 3, "Mean");
}
