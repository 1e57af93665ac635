#include "cards/layer_card.h"

KERAFT_LAYER(dropout) {
  card.keras("Dropout").about("training only: zeroes a share of the input; identity otherwise");
  card.needs("rate").identity_at_inference();
  card.form("y = ir/Dropout(x, rate=$rate)");
  card.sample({{"rate", 0.25}}, {{2, 5, 3}});
}
