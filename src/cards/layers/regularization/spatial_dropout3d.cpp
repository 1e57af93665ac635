#include "cards/layer_card.h"

KERAFT_LAYER(spatial_dropout3d) {
  card.keras("SpatialDropout3D").about("training only: zeroes whole channels of a volume; identity otherwise");
  card.needs("rate").config("data_format", "channels_last").identity_at_inference();
  card.lower_with([](keraft::LowerContext& c) { return c.inputs().front(); });
  card.sample({{"rate", 0.25}}, {{2, 5, 7, 3, 4}});
}
