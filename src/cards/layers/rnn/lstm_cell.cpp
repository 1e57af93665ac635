#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(lstm_cell) {
  card.keras("LSTMCell").about("one step of LSTM, inside RNN");
  keraft::cards::lstm(card, true);
}
