#include "cards/edge_layer.h"

KERAFT_LAYER(cropping3d) {
  using namespace keraft;
  card.keras("Cropping3D").about("the edges of volumes left out");
  cards::cropping_layer(card, 3);
  card.sample({{"cropping", List{Value::ints({1, 1}), Value::ints({0, 3}), Value::ints({2, 0})}}}, {{2, 3, 5, 4, 2}});
  card.sample(
      {{"cropping", List{Value::ints({1, 0}), Value::ints({0, 3}), Value::ints({0, 1})}}, {"data_format", "channels_first"}},
      {{1, 3, 5, 4, 2}});
}
