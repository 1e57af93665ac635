#include "cards/edge_layer.h"

KERAFT_LAYER(cropping1d) {
  card.keras("Cropping1D").about("steps left out at both ends");
  keraft::cards::cropping_layer(card, 1);
  card.sample({{"cropping", keraft::Value::ints({2, 1})}}, {{2, 7, 3}})
      .sample({{"cropping", keraft::Value::ints({0, 3})}}, {{1, 4, 2}});
}
