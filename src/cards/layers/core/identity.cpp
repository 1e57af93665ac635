#include "cards/layer_card.h"

KERAFT_LAYER(identity) {
  card.keras("Identity").about("y = x");
  card.lower_with([](keraft::LowerContext& c) { return c.inputs().front(); });
  card.sample({}, {{2, 5, 3}});
}
