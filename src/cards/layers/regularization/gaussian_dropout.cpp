#include "cards/layer_card.h"

KERAFT_LAYER(gaussian_dropout) {
  card.keras("GaussianDropout").about("training only: multiplies by noise around 1; identity otherwise");
  card.needs("rate").identity_at_inference();
  card.lower_with([](keraft::LowerContext& c) { return c.inputs().front(); });
  card.sample({{"rate", 0.25}}, {{2, 5, 3}});
}
