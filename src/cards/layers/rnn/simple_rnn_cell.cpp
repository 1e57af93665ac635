#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(simple_rnn_cell) {
  card.keras("SimpleRNNCell").about("one step of SimpleRNN, inside RNN");
  keraft::cards::simple_rnn(card, true);
}
