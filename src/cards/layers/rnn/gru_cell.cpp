#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(gru_cell) {
  card.keras("GRUCell").about("one step of GRU, inside RNN");
  keraft::cards::gru(card, true);
}
