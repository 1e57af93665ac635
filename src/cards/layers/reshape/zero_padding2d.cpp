#include "cards/edge_layer.h"

KERAFT_LAYER(zero_padding2d) {
  using namespace keraft;
  card.keras("ZeroPadding2D").about("rows and columns of zeros around");
  cards::zero_padding_layer(card, 2);
  card.sample({{"padding", List{Value::ints({1, 2}), Value::ints({0, 3})}}}, {{2, 5, 4, 3}});
  card.sample({{"padding", List{Value::ints({1, 0}), Value::ints({2, 1})}}, {"data_format", "channels_first"}}, {{3, 2, 4, 5}});
}
