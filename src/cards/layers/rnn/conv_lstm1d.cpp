#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(conv_lstm1d) {
  card.keras("ConvLSTM1D").about("LSTM over steps whose products are 1-D convolutions; gates i, f, c, o");
  keraft::cards::conv_lstm(card, 1);
}
