#include "cards/layers/merge/merge.h"

KERAFT_LAYER(minimum) {
  card.keras("Minimum").about("the smaller, element by element");
  keraft::cards::merge(card, "Minimum");
}
