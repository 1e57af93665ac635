#include "cards/layers/merge/merge.h"

KERAFT_LAYER(subtract) {
  card.keras("Subtract").about("the first input less the second");
  keraft::cards::merge_two(card, "Sub");
}
