#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(rnn) {
  using namespace keraft;
  card.keras("RNN").about("a cell called for each step").needs("cell").wraps("cell");
  cards::over_steps(card);
  card.sample({{"cell", cards::held_layer("GRUCell", {{"units", 3}})}}, {{2, 5, 4}});
}
