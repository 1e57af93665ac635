#include "cards/edge_layer.h"

KERAFT_LAYER(cropping2d) {
  using namespace keraft;
  card.keras("Cropping2D").about("rows and columns left out at the edges");
  cards::cropping_layer(card, 2);
  card.sample({{"cropping", List{Value::ints({1, 2}), Value::ints({0, 3})}}}, {{2, 5, 4, 3}});
  card.sample({{"cropping", List{Value::ints({1, 0}), Value::ints({2, 1})}}, {"data_format", "channels_first"}},
              {{3, 2, 4, 5}});
}
