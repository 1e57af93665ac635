#include "cards/edge_layer.h"

KERAFT_LAYER(zero_padding3d) {
  using namespace keraft;
  card.keras("ZeroPadding3D").about("zeros around volumes");
  cards::zero_padding_layer(card, 3);
  card.sample({{"padding", List{Value::ints({1, 2}), Value::ints({0, 3}), Value::ints({2, 0})}}}, {{2, 3, 5, 4, 2}});
  card.sample(
      {{"padding", List{Value::ints({1, 2}), Value::ints({0, 3}), Value::ints({0, 1})}}, {"data_format", "channels_first"}},
      {{1, 3, 5, 4, 2}});
}
