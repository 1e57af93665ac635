#include "cards/layer_card.h"

KERAFT_LAYER(hashing) {
  using namespace keraft;
  card.keras("Hashing").about("hashes of texts or whole numbers, by buckets");
  card.needs("num_bins").config("mask_value", Value()).config("salt", Value()).config("output_mode", "int");
  card.config("sparse", false).sample({{"num_bins", 5}}, {{2, 3}});
}
