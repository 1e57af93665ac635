#include "cards/layer_card.h"

KERAFT_LAYER(spatial_dropout1d) {
  card.keras("SpatialDropout1D").about("training only: zeroes whole channels of a sequence; identity otherwise");
  card.needs("rate").identity_at_inference();
  card.lower_with([](keraft::LowerContext& c) { return c.inputs().front(); });
  card.sample({{"rate", 0.25}}, {{2, 5, 3}});
}
