#include "cards/layer_card.h"

KERAFT_LAYER(gaussian_noise) {
  card.keras("GaussianNoise").about("training only: adds noise; identity otherwise");
  card.needs("stddev").identity_at_inference();
  card.lower_with([](keraft::LowerContext& c) { return c.inputs().front(); });
  card.sample({{"stddev", 0.5}}, {{2, 5, 3}});
}
