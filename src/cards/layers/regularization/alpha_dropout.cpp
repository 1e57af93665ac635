#include "cards/layer_card.h"

KERAFT_LAYER(alpha_dropout) {
  card.keras("AlphaDropout").about("training only: dropout that keeps mean and variance; identity otherwise");
  card.needs("rate").identity_at_inference();
  card.lower_with([](keraft::LowerContext& c) { return c.inputs().front(); });
  card.sample({{"rate", 0.25}}, {{2, 5, 3}});
}
