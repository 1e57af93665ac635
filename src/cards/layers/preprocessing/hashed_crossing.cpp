#include "cards/layer_card.h"

KERAFT_LAYER(hashed_crossing) {
  using namespace keraft;
  card.keras("HashedCrossing").about("hashes of pairs, by buckets");
  card.needs("num_bins").config("output_mode", "int").config("sparse", false).leaves_out({"dtype"});
  card.sample({{"num_bins", 5}}, {{2, 1}, {2, 1}});
}
