#include "cards/layers/merge/merge.h"

KERAFT_LAYER(maximum) {
  card.keras("Maximum").about("the larger, element by element");
  keraft::cards::merge(card, "Maximum");
  keraft::cards::formerly_merge(card, "max");
}
