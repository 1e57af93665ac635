#include "cards/layers/merge/merge.h"

KERAFT_LAYER(add) {
  card.keras("Add").about("the sum of the inputs");
  keraft::cards::merge(card, "AddV2", "Add");
  card.also_reads("y = AddN(*xs)", {}, keraft::cards::equal_ranks);
  keraft::cards::formerly_merge(card, "sum");
}
