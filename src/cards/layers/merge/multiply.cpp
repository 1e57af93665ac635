#include "cards/layers/merge/merge.h"

KERAFT_LAYER(multiply) {
  card.keras("Multiply").about("the product of the inputs");
  keraft::cards::merge(card, "Mul");
  keraft::cards::formerly_merge(card, "mul");
}
