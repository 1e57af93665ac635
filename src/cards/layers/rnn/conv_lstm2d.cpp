#include "cards/layers/rnn/recurrent.h"

KERAFT_LAYER(conv_lstm2d) {
  card.keras("ConvLSTM2D").about("LSTM over steps whose products are 2-D convolutions; gates i, f, c, o");
  keraft::cards::conv_lstm(card, 2);
}
