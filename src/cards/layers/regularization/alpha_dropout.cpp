#include "cards/layers/regularization/shared_noise.h"

KERAFT_LAYER(alpha_dropout) {
  card.keras("AlphaDropout").about("training only: a share becomes what keeps mean and variance; identity otherwise");
  card.needs("rate").config("noise_shape", Value()).identity_at_inference();
  card.also_reads("y = ir/AlphaDropout(x, rate=$rate, shared=_)", {}, read_noise_shape);
  card.lower_with([](LowerContext& c) { return shaped_noise_mark(c, "ir/AlphaDropout"); });
  card.sample({{"rate", 0.25}}, {{2, 5, 3}});
  card.sample({{"rate", 0.5}, {"noise_shape", List{Value(), 1, Value()}}}, {{2, 5, 3}});
}
