#include "cards/layers/regularization/shared_noise.h"

KERAFT_LAYER(dropout) {
  card.keras("Dropout").about("training only: zeroes a share of the input; identity otherwise");
  card.needs("rate").config("noise_shape", Value()).identity_at_inference().passes_masks();
  card.formerly("Dropout", {{"p", "rate"}});
  card.also_reads("y = ir/Dropout(x, rate=$rate, shared=_)", {}, [](Match& m) {
    // Whole maps are SpatialDropout.
    return whole_maps(m, 1).empty() && whole_maps(m, 2).empty() && whole_maps(m, 3).empty() && read_noise_shape(m);
  });
  card.lower_with([](LowerContext& c) { return shaped_noise_mark(c, "ir/Dropout"); });
  card.sample({{"rate", 0.25}}, {{2, 5, 3}});
  card.sample({{"rate", 0.5}, {"noise_shape", List{Value(), Value(), 1, Value()}}}, {{2, 5, 3, 4}});
}
