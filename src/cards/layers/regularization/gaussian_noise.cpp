#include "cards/layer_card.h"

KERAFT_LAYER(gaussian_noise) {
  card.keras("GaussianNoise").about("training only: adds normal noise; identity otherwise");
  card.needs("stddev").identity_at_inference();
  card.formerly("GaussianNoise", {{"sigma", "stddev"}});
  card.form("y = ir/GaussianNoise(x, stddev=$stddev)");
  card.sample({{"stddev", 0.25}}, {{2, 5, 3}});
}
