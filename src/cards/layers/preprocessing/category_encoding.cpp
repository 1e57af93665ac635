#include "cards/layer_card.h"

KERAFT_LAYER(category_encoding) {
  using namespace keraft;
  card.keras("CategoryEncoding").about("whole numbers as one-hot, multi-hot or counts");
  card.needs("num_tokens").config("output_mode", "multi_hot").config("sparse", false);
  card.sample({{"num_tokens", 5}}, {{2, 3}});
}
