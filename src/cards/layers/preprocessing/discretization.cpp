#include "cards/layer_card.h"

KERAFT_LAYER(discretization) {
  using namespace keraft;
  card.keras("Discretization").about("numbers become the buckets that they fall in");
  card.needs("bin_boundaries").config("num_bins", Value()).config("epsilon", 0.01).config("output_mode", "int");
  card.config("sparse", false).leaves_out({"trainable"}).shorten_with([](Dict& config) {
    // Boundaries that were counted; Keras 2 refuses both entries.
    if (config.contains("bin_boundaries") && !config["bin_boundaries"].null()) config.erase("num_bins");
  });
  card.sample({{"bin_boundaries", List{0.0, 1.0}}}, {{2, 3}});
}
