#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(stacked_rnn_cells) {
  using namespace keraft;
  card.keras("StackedRNNCells").about("cells one after another in each step, inside RNN").needs("cells").wraps("cells");
  card.sample({{"cells", List{cards::held_layer("LSTMCell", {{"units", 3}}), cards::held_layer("GRUCell", {{"units", 2}})}}},
              {{2, 5, 4}});
}
