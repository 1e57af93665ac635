#include "cards/edge_layer.h"

KERAFT_LAYER(zero_padding1d) {
  card.keras("ZeroPadding1D").about("steps of zeros before and behind");
  keraft::cards::zero_padding_layer(card, 1);
  card.sample({{"padding", keraft::Value::ints({2, 1})}}, {{2, 5, 3}})
      .sample({{"padding", keraft::Value::ints({0, 3})}}, {{1, 4, 2}})
      .sample({{"padding", keraft::Value::ints({1, 2})}, {"data_format", "channels_first"}}, {{2, 3, 5}});
}
