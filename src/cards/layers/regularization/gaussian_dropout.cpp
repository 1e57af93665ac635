#include "cards/layer_card.h"

KERAFT_LAYER(gaussian_dropout) {
  card.keras("GaussianDropout").about("training only: multiplies by normal noise around 1; identity otherwise");
  card.needs("rate").identity_at_inference();
  card.formerly("GaussianDropout", {{"p", "rate"}});
  card.form("y = ir/GaussianDropout(x, rate=$rate)");
  card.sample({{"rate", 0.25}}, {{2, 5, 3}});
}
